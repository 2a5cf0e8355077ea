#pragma once

#include "actors/metrics/http_metrics.hpp"
#include "actors/metrics/model_metrics.hpp"
#include "actors/metrics/poller_metrics.hpp"
#include "actors/metrics/process_metrics.hpp"
#include "actors/metrics/readiness_metrics.hpp"
#include "actors/metrics/recommender_metrics.hpp"
#include "actors/metrics/stage_metrics.hpp"
#include "actors/metrics/store_metrics.hpp"
#include "actors/metrics/supervisor_metrics.hpp"

#include <prometheus/registry.h>
#include <string_view>
#include <vector>

namespace winnow {

/// All metrics of the daemon, one member a component: their names are an interface, pinned by a golden file
/// in the tests. The actors write, the metrics aggregator renders. No label ever holds a user or item id.
///
/// A counter that appears with its first failure has no rate for that failure, so no alert sees it. Each
/// component therefore exposes its failure counters from the start, at zero, under every label that they can
/// have.
class metrics {
  prometheus::Registry registry_;

public:
  stage_metrics stages{registry_};
  recommender_metrics recommender{registry_};
  http_metrics http{registry_};
  poller_metrics poller{registry_};
  store_metrics store{registry_};
  supervisor_metrics supervisor{registry_};
  model_metrics models{registry_};
  readiness_metrics readiness{registry_};
  process_metrics process{registry_};

  /// Everything, with the process's own figures as of now.
  std::vector<prometheus::MetricFamily> collect() const;

  /// The sum of a family of counters or gauges over its labels, by its name; 0 if there is none.
  static double total(const std::vector<prometheus::MetricFamily>& families, std::string_view name);
};

} // namespace winnow
