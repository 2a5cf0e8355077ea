#include "actors/metrics/rules_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

namespace winnow {

namespace {

prometheus::Counter& readings(prometheus::Registry& registry, const char* outcome) {
  return counters(registry, "winnow_rules_readings_total",
                  "Readings of the file of rules that were taken, or refused while the old rules stayed.")
      .Add({{"outcome", outcome}});
}

} // namespace

rules_metrics::rules_metrics(prometheus::Registry& registry)
    : taken_(readings(registry, "taken")), refused_(readings(registry, "refused")),
      in_force_(gauge(registry, "winnow_rules_in_force", "Rules of the shop that are in force.")),
      misfits_(gauge(registry, "winnow_rules_misfits",
                     "Of these, rules that are left out because they do not fit the items.")),
      is_refused_(gauge(registry, "winnow_rules_refused",
                        "1 if the last reading of the file of rules was refused, else 0.")),
      placed_(counters(registry, "winnow_rules_placement_lists_total", "Lists asked for by a placement.")) {}

void rules_metrics::taken(std::size_t rules) {
  taken_.Increment();
  is_refused_.Set(0);
  in_force_.Set(static_cast<double>(rules));
}

void rules_metrics::refused() {
  refused_.Increment();
  is_refused_.Set(1);
}

} // namespace winnow
