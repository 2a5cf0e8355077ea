#include "actors/metrics/drift_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

namespace winnow {

drift_metrics::drift_metrics(prometheus::Registry& registry)
    : lists_(gauge(registry, "winnow_drift_observed_lists",
                   "Lists that were observed for drift since the models came into force.")),
      unknown_items_(gauge(registry, "winnow_drift_unknown_items_ratio",
                           "Share of the items in recent histories that the models do not know.")),
      unknown_users_(gauge(registry, "winnow_drift_unknown_users_ratio",
                           "Share of the recent requests whose user has no embedding.")),
      indices_(gauges(registry, "winnow_drift_stability_index",
                      "Population stability index of a value, recent lists against those of the training; "
                      "absent without a histogram of the training, and while there are few lists.")) {}

void drift_metrics::update() {
  const auto now = watch.report();
  const std::lock_guard lock(mutex_);
  lists_.Set(static_cast<double>(now.lists));
  unknown_items_.Set(now.unknown_items);
  unknown_users_.Set(now.unknown_users);
  auto old = std::exchange(by_value_, {});
  for (const auto& [name, index] : now.indices) {
    auto& gauge = indices_.Add({{"value", name}}); // the same one if there is one already
    gauge.Set(index);
    by_value_[name] = &gauge;
    old.erase(name);
  }
  for (const auto& [name, gauge] : old)
    indices_.Remove(gauge);
}

} // namespace winnow
