#pragma once

#include "models/online/taken_watch.hpp"

#include <array>
#include <deque>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>

namespace winnow {

/// Metrics of what users took after their lists, by the version of the models that made these. The last
/// versions have metrics; those of earlier ones are removed. Thread-safe.
class taken_metrics {
public:
  explicit taken_metrics(prometheus::Registry& registry);

  /// What an earlier process has counted: the rates go on from it. The counters begin at zero, as Prometheus
  /// expects.
  void go_on_from(const std::vector<taken_outcome>& outcomes);

  /// Users took these items.
  void taken(const std::vector<taken_watch::taken_item>& items);

private:
  struct of_version {
    std::string version;
    std::array<prometheus::Counter*, taken_places> places{};
    prometheus::Gauge* hit_rate = nullptr;
    prometheus::Gauge* mrr = nullptr;
    double items = 0, hits = 0, reciprocal_places = 0;
  };

  of_version& at(const std::string& version);
  void drop(const of_version& old);

  prometheus::Family<prometheus::Counter>& taken_;
  prometheus::Family<prometheus::Gauge>& hit_rate_;
  prometheus::Family<prometheus::Gauge>& mrr_;
  prometheus::Histogram& ages_;
  std::mutex mutex_;
  std::deque<of_version> versions_; ///< The latest last.
};

} // namespace winnow
