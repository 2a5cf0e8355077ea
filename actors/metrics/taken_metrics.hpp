#pragma once

#include "models/online/taken_watch.hpp"

#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>

namespace winnow {

/// Metrics of what users took after their lists, by the version of the models that made these, and of what
/// they took after lists of placements. The last versions have metrics; those of earlier ones are removed.
/// Thread-safe.
class taken_metrics {
public:
  explicit taken_metrics(prometheus::Registry& registry);

  /// The rates are those that this watch has counted, also in earlier processes. The counters begin at zero,
  /// as Prometheus expects. @param watch Null: nothing is watched.
  void show(std::shared_ptr<const taken_watch> watch);

  /// Users took these items.
  void taken(const std::vector<taken_watch::taken_item>& items);

  /// Sets the rates to what the watch has counted. Called before they are read.
  void update();

private:
  /// The families of plain lists, or of those of placements.
  struct families {
    prometheus::Family<prometheus::Counter>& taken;
    prometheus::Family<prometheus::Gauge>& hit_rate;
    prometheus::Family<prometheus::Gauge>& mrr;
    prometheus::Family<prometheus::Gauge>& hit_rate_bound;
    prometheus::Family<prometheus::Gauge>& mrr_bound;
  };
  /// A value and its interval.
  struct shown_estimate {
    prometheus::Gauge *value = nullptr, *low = nullptr, *high = nullptr;
    void set(const estimate& to) const;
  };
  struct of_version {
    std::string version, placement;
    std::array<prometheus::Counter*, taken_places> places{};
    shown_estimate hit_rate, mrr;
  };
  using versions = std::deque<of_version>;

  families& families_of(const std::string& placement) { return placement.empty() ? plain_ : placed_; }
  of_version& at(const std::string& version, const std::string& placement);
  void drop(const of_version& old);

  families plain_, placed_;
  prometheus::Histogram& ages_;
  std::mutex mutex_;                    ///< Guards what follows.
  versions versions_, versions_placed_; ///< The latest last.
  std::shared_ptr<const taken_watch> watch_;
};

} // namespace winnow
