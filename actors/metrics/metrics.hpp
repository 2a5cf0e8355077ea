#pragma once

#include "actors/metrics/drift_metrics.hpp"
#include "actors/metrics/exemplars.hpp"
#include "actors/metrics/fleet_metrics.hpp"
#include "actors/metrics/http_metrics.hpp"
#include "actors/metrics/item_metrics.hpp"
#include "actors/metrics/kafka_metrics.hpp"
#include "actors/metrics/learner_metrics.hpp"
#include "actors/metrics/model_metrics.hpp"
#include "actors/metrics/poller_metrics.hpp"
#include "actors/metrics/process_metrics.hpp"
#include "actors/metrics/readiness_metrics.hpp"
#include "actors/metrics/recommender_metrics.hpp"
#include "actors/metrics/rules_metrics.hpp"
#include "actors/metrics/stage_metrics.hpp"
#include "actors/metrics/store_metrics.hpp"
#include "actors/metrics/supervisor_metrics.hpp"
#include "actors/metrics/taken_metrics.hpp"
#include "actors/metrics/trace_metrics.hpp"
#include "actors/metrics/trial_metrics.hpp"

#include <prometheus/registry.h>
#include <string_view>
#include <vector>

namespace winnow {

/// All metrics of the daemon, with one member per component. The names are an interface, pinned by a golden
/// file in the tests. The actors write the metrics; the metrics aggregator renders them. Labels never contain
/// user or item ids.
///
/// If a counter only appeared with its first failure, it would have no rate for that failure and alerts would
/// miss it. Each component therefore exposes its failure counters at zero from the start, with every possible
/// label value.
class metrics {
  prometheus::Registry registry_;

public:
  stage_metrics stages{registry_};
  recommender_metrics recommender{registry_};
  http_metrics http{registry_};
  poller_metrics poller{registry_};
  fleet_metrics fleet{registry_};
  learner_metrics learner{registry_};
  item_metrics items{registry_};
  kafka_metrics kafka{registry_};
  store_metrics store{registry_};
  supervisor_metrics supervisor{registry_};
  model_metrics models{registry_};
  taken_metrics taken{registry_};
  trial_metrics trials{registry_};
  drift_metrics drift{registry_};
  rules_metrics rules{registry_};
  readiness_metrics readiness{registry_};
  trace_metrics traces{registry_};
  process_metrics process{registry_};
  exemplars examples;

  /// Returns all metrics, with up-to-date figures of the process.
  std::vector<prometheus::MetricFamily> collect() const;

  /// Returns the sum of the counters or gauges of the family `name`; 0 if there is no such family.
  static double total(const std::vector<prometheus::MetricFamily>& families, std::string_view name);
};

} // namespace winnow
