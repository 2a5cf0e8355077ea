#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <cstddef>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of what may be shown. Thread-safe.
class item_metrics {
public:
  explicit item_metrics(prometheus::Registry& registry);

  /// Sets how many ids are withheld for each reason, and how many items clients have updated.
  void holds(std::size_t hidden, std::size_t expired, std::size_t denied, std::size_t updated);

  /// Sets whether what clients said is kept over a restart.
  void kept(bool now) { not_kept_.Set(now ? 0 : 1); }

  /// How many times a file, `items` or `deny`, was read again. @param done Whether it was taken.
  void read(std::string_view file, bool done, std::size_t times);

private:
  labelled_metrics<prometheus::Gauge, 1> withheld_;
  prometheus::Gauge& updated_;
  prometheus::Gauge& not_kept_;
  labelled_metrics<prometheus::Counter, 2> reads_;
};

} // namespace winnow
