#pragma once

#include "actors/metrics/exemplars.hpp"

#include <prometheus/metric_family.h>
#include <string>
#include <vector>

namespace winnow {

/// Renders metrics as OpenMetrics 1.0 text, which prometheus-cpp does not, with the exemplars of histograms.
std::string open_metrics_text(const std::vector<prometheus::MetricFamily>& families,
                              const exemplars& examples);

} // namespace winnow
