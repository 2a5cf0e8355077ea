#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// What the poller saw of the store's profiles and what became of them. A reason is the name of a fault.
/// Thread-safe.
class poller_metrics {
public:
  explicit poller_metrics(prometheus::Registry& registry);

  void seen(std::size_t profiles);       ///< Profiles were read.
  void changed();                        ///< A profile's list was computed.
  void unchanged();                      ///< A profile needed no new list.
  void failed(std::string_view reason);  ///< A profile gets no list.
  void retried(std::string_view reason); ///< A profile was queued again.
  void pending(std::size_t profiles);    ///< How many profiles wait.
  void swept(std::chrono::nanoseconds took);
  void tracking(bool live); ///< Whether the store announces changes.

private:
  prometheus::Counter& seen_;
  prometheus::Counter& changed_;
  prometheus::Counter& unchanged_;
  labelled_metrics<prometheus::Counter, 1> failed_;
  labelled_metrics<prometheus::Counter, 1> retries_;
  prometheus::Gauge& pending_;
  prometheus::Histogram& sweep_duration_;
  prometheus::Gauge& tracking_;
};

} // namespace winnow
