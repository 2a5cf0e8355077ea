#pragma once

#include "models/online/drift_watch.hpp"

#include <map>
#include <mutex>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace winnow {

/// Metrics of how the requests differ from what the models were trained on. Thread-safe.
class drift_metrics {
public:
  explicit drift_metrics(prometheus::Registry& registry);

  /// Observes lists; the recommender tells it of them.
  drift_watch watch;

  /// Brings the metrics up to date with what was observed.
  void update();

private:
  prometheus::Gauge& lists_;
  prometheus::Gauge& unknown_items_;
  prometheus::Gauge& unknown_users_;
  prometheus::Family<prometheus::Gauge>& indices_;
  std::mutex mutex_; ///< Guards what follows.
  std::map<std::string, prometheus::Gauge*> by_value_;
};

} // namespace winnow
