#include "actors/metrics/supervisor_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

namespace winnow {

supervisor_metrics::supervisor_metrics(prometheus::Registry& registry)
    : restarts_(counters(registry, "winnow_supervisor_restarts_total", "Restarts of actors that died."),
                {"actor"}) {}

void supervisor_metrics::child(std::string_view actor) const {
  restarts_.expose({actor});
}

void supervisor_metrics::restarted(std::string_view actor) {
  restarts_.at({actor}).Increment();
}

} // namespace winnow
