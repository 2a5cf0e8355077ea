#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of learning while serving. Thread-safe.
class learner_metrics {
public:
  explicit learner_metrics(prometheus::Registry& registry);

  /// The learner dealt with a profile. @param items That were new in it.
  void profile(std::string_view outcome, std::size_t items);
  void skipped(); ///< A profile was not told, because too many were waiting.
  void published(std::chrono::nanoseconds took);
  void saved(bool done);
  /// Sets what the learner holds.
  void holds(std::size_t transitions, std::size_t users, std::size_t adopted, std::size_t candidates);

private:
  labelled_metrics<prometheus::Counter, 1> profiles_;
  prometheus::Counter& items_;
  prometheus::Histogram& publications_;
  prometheus::Counter& saves_;
  prometheus::Counter& failed_saves_;
  prometheus::Gauge& transitions_;
  prometheus::Gauge& users_;
  prometheus::Gauge& adopted_;
  prometheus::Gauge& candidates_;
};

} // namespace winnow
