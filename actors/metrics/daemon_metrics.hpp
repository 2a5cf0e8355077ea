#pragma once

#include <cstdint>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string>
#include <vector>

namespace winnow {

/// The metrics that tell how the daemon as a whole is. Thread-safe.
class daemon_metrics {
public:
  explicit daemon_metrics(prometheus::Registry& registry);

  /// Why it is not ready, as /readyz says it; empty: it is.
  void readiness(const std::vector<std::string>& reasons);

  /// New models were taken, or refused and the old ones stay.
  void models_reloaded(bool accepted);

  /// The recall of the index that candidates are looked for in; 0: they are looked for exactly.
  void index_recall(double recall) { index_recall_.Set(recall); }

  /// So many more were turned away.
  void connections_refused(std::uint64_t count);

  void store_connected();

  /// Brings the process's own figures up to date.
  void refresh() const;

private:
  prometheus::Gauge& ready_;
  prometheus::Family<prometheus::Gauge>& not_ready_;
  prometheus::Counter& reloads_;
  prometheus::Counter& refused_reloads_;
  prometheus::Gauge& index_recall_;
  prometheus::Counter& refused_connections_;
  prometheus::Counter& store_connections_;
  prometheus::Gauge& descriptors_;
  prometheus::Gauge& most_descriptors_;
  std::vector<std::string> reasons_; ///< All that there have been. By one thread, that of `readiness`.
};

} // namespace winnow
