#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace winnow {

/// Metrics of the process: memory, CPU time, file descriptors, version, log. Thread-safe.
class process_metrics {
public:
  explicit process_metrics(prometheus::Registry& registry);

  /// Updates the figures.
  void refresh() const;

private:
  prometheus::Gauge& resident_memory_;
  prometheus::Counter& cpu_seconds_;
  prometheus::Gauge& descriptors_;
  prometheus::Gauge& max_descriptors_;
  prometheus::Counter& dropped_log_lines_;
};

} // namespace winnow
