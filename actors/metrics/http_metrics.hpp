#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// The public HTTP server's connections and exchanges. Thread-safe.
class http_metrics {
public:
  explicit http_metrics(prometheus::Registry& registry);

  /// Declares a route, so that its refusals are counted from zero.
  void route(std::string_view route) const;

  /// A request was answered.
  void exchange(std::string_view route, unsigned status, std::chrono::nanoseconds took);

  /// How many connections are open.
  void connections(std::size_t count);

  /// `count` more connections were turned away.
  void connections_refused(std::uint64_t count);

private:
  labelled_metrics<prometheus::Counter, 2> requests_;
  labelled_metrics<prometheus::Histogram, 1> duration_;
  prometheus::Gauge& connections_;
  prometheus::Counter& refused_connections_;
};

} // namespace winnow
