#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of the profiles that the poller reads. Each reason is the name of a fault. Thread-safe.
class poller_metrics {
public:
  explicit poller_metrics(prometheus::Registry& registry);

  void seen(std::size_t profiles);       ///< Profiles were read.
  void changed();                        ///< A profile's list was computed.
  void unchanged();                      ///< A profile needed no new list.
  void repaired();                       ///< A stored list was not what was computed.
  void failed(std::string_view reason);  ///< A profile's list could not be computed.
  void retried(std::string_view reason); ///< A profile was re-queued.
  void pending(std::size_t profiles);    ///< Sets the number of waiting profiles.
  void incomplete(std::size_t lists);    ///< Sets how many stored lists are known to lack a stage.
  void swept(std::chrono::nanoseconds took);
  void tracking(bool live); ///< Sets whether the store announces changes.

private:
  prometheus::Counter& seen_;
  prometheus::Counter& changed_;
  prometheus::Counter& unchanged_;
  prometheus::Counter& repaired_;
  labelled_metrics<prometheus::Counter, 1> failed_;
  labelled_metrics<prometheus::Counter, 1> retries_;
  prometheus::Gauge& pending_;
  prometheus::Gauge& incomplete_;
  prometheus::Histogram& sweep_duration_;
  prometheus::Gauge& tracking_;
};

} // namespace winnow
