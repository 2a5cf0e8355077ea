#include "actors/metrics/metrics.hpp"

namespace winnow {

std::vector<prometheus::MetricFamily> metrics::collect() const {
  process.refresh();
  return registry_.Collect();
}

double metrics::total(const std::vector<prometheus::MetricFamily>& families, std::string_view name) {
  double sum = 0;
  for (const auto& family : families)
    if (family.name == name)
      for (const auto& metric : family.metric)
        sum += family.type == prometheus::MetricType::Gauge ? metric.gauge.value : metric.counter.value;
  return sum;
}

} // namespace winnow
