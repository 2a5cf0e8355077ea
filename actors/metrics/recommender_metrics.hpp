#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of the requests for lists. Thread-safe.
class recommender_metrics {
public:
  explicit recommender_metrics(prometheus::Registry& registry);

  /// A request ended.
  /// @param origin http or poller.
  /// @param outcome ok or the name of a fault.
  void request(std::string_view origin, std::string_view outcome, std::chrono::nanoseconds took);

  /// A list's candidates came from `source`, the name of a `list_source`.
  void source(std::string_view source);

  /// A list was computed without a ranking stage.
  /// @param stage din or ranknet.
  /// @param reason The name of a fault.
  void degraded(std::string_view stage, std::string_view reason);

  /// A list was computed from the newest items of a longer history.
  void truncated();

  /// Sets the number of requests in the pipeline.
  void in_flight(std::size_t count);

private:
  labelled_metrics<prometheus::Counter, 2> requests_;
  labelled_metrics<prometheus::Histogram, 1> duration_;
  labelled_metrics<prometheus::Counter, 1> sources_;
  labelled_metrics<prometheus::Counter, 2> degraded_;
  prometheus::Counter& truncated_;
  prometheus::Gauge& in_flight_;
};

} // namespace winnow
