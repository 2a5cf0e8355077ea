#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of the connection to the profile store. Thread-safe.
class store_metrics {
public:
  explicit store_metrics(prometheus::Registry& registry);

  /// The connection was established or lost. Must be called on changes only.
  void connected(bool now);

  /// A pipeline ran.
  void pipeline(std::size_t commands, std::chrono::nanoseconds took);

  /// A command failed.
  /// @param reason The name of a fault.
  void failed(std::string_view reason);

private:
  prometheus::Gauge& connected_;
  prometheus::Counter& connections_;
  prometheus::Histogram& pipeline_duration_;
  prometheus::Counter& commands_;
  labelled_metrics<prometheus::Counter, 1> failures_;
};

} // namespace winnow
