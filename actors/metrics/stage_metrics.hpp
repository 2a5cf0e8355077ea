#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of the three stages. `stage` is candidate_generator, din_ranker or ranknet_ranker. Thread-safe.
class stage_metrics {
public:
  explicit stage_metrics(prometheus::Registry& registry);

  /// A worker ran its model on a batch.
  void batch(std::string_view stage, std::size_t tasks, std::chrono::nanoseconds took);

  /// Tasks failed.
  /// @param reason The name of a fault.
  void failed(std::string_view stage, std::string_view reason, std::size_t tasks = 1);

  /// Sets the number of tasks that wait for a worker.
  void queue(std::string_view stage, std::size_t depth);

private:
  labelled_metrics<prometheus::Histogram, 1> duration_;
  labelled_metrics<prometheus::Histogram, 1> batch_size_;
  labelled_metrics<prometheus::Counter, 2> failures_;
  labelled_metrics<prometheus::Gauge, 1> queue_;
};

} // namespace winnow
