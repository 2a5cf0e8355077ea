#include "actors/metrics/readiness_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <algorithm>

namespace winnow {

readiness_metrics::readiness_metrics(prometheus::Registry& registry)
    : ready_(gauge(registry, "winnow_ready", "1: the daemon takes requests, as /readyz says.")),
      not_ready_(gauges(registry, "winnow_not_ready",
                        "1 for each reason why the daemon is not ready, in the words of /readyz.")) {}

void readiness_metrics::update(const std::vector<std::string>& reasons) {
  const auto is_in = [](const std::vector<std::string>& list, const std::string& reason) {
    return std::find(list.begin(), list.end(), reason) != list.end();
  };
  ready_.Set(reasons.empty() ? 1 : 0);
  for (const auto& reason : reasons)
    if (!is_in(known_reasons_, reason))
      known_reasons_.push_back(reason);
  for (const auto& reason : known_reasons_)
    not_ready_.Add({{"reason", reason}}).Set(is_in(reasons, reason) ? 1 : 0);
}

} // namespace winnow
