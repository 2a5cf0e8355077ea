#pragma once

#include <cstdint>
#include <optional>
#include <prometheus/metric_family.h>
#include <vector>

namespace winnow {

/// What the metrics themselves do not contain.
struct legacy_figures {
  std::size_t list_items = 0;              ///< Items of a full list.
  std::optional<std::uint64_t> redis_keys; ///< nullopt: not counted; the metric is then left out.
};

/// The metrics of the service that Winnow replaces, for dashboards that read them, computed from Winnow's
/// own: model_inference_total, model_inference_error_total, model_inference_seconds (a histogram),
/// recommendation_items_count and redis_keys_count.
std::vector<prometheus::MetricFamily> legacy_families(const std::vector<prometheus::MetricFamily>& own,
                                                      const legacy_figures& figures);

} // namespace winnow
