#include "actors/metrics/model_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <string>

namespace winnow {

namespace {

prometheus::Counter& reloads(prometheus::Registry& registry, const char* outcome) {
  return counters(registry, "winnow_model_reloads_total",
                  "New models that were taken, or refused while the old ones stayed.")
      .Add({{"outcome", outcome}});
}

} // namespace

model_metrics::model_metrics(prometheus::Registry& registry)
    : info_(gauges(registry, "winnow_model_info", "1 for the model version in force.")),
      items_(gauge(registry, "winnow_model_items", "Items in the catalogue.")),
      users_(gauge(registry, "winnow_model_users", "Users with an embedding.")),
      trained_at_(gauge(registry, "winnow_model_trained_timestamp_seconds",
                        "When the models in force were written, in seconds since 1970.")),
      taken_reloads_(reloads(registry, "taken")), refused_reloads_(reloads(registry, "refused")),
      index_recall_(
          gauge(registry, "winnow_model_index_recall",
                "Of the best candidates, the share that the approximate index finds; 0: there is none "
                "and they are looked for exactly.")) {}

void model_metrics::loaded(std::string_view version, std::size_t items, std::size_t users,
                           std::int64_t trained_at) {
  {
    const std::lock_guard lock(mutex_);
    if (in_force_ != nullptr)
      info_.Remove(in_force_);
    in_force_ = &info_.Add({{"version", std::string(version)}});
    in_force_->Set(1);
  }
  items_.Set(static_cast<double>(items));
  users_.Set(static_cast<double>(users));
  trained_at_.Set(static_cast<double>(trained_at));
}

void model_metrics::reloaded(bool accepted) {
  (accepted ? taken_reloads_ : refused_reloads_).Increment();
}

} // namespace winnow
