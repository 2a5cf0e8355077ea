#pragma once

#include <cstddef>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace winnow {

/// Metrics of exported traces. Thread-safe.
class trace_metrics {
public:
  explicit trace_metrics(prometheus::Registry& registry);

  void exported(std::size_t spans);
  void failed(std::size_t spans);
  void dropped(std::size_t traces);

private:
  prometheus::Counter& exported_;
  prometheus::Counter& failed_;
  prometheus::Counter& dropped_;
};

} // namespace winnow
