#pragma once

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

/// Short forms for registering metric families, shared by the metrics of all components.
namespace winnow {

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, const char* name,
                                                  const char* help);
prometheus::Family<prometheus::Gauge>& gauges(prometheus::Registry& registry, const char* name,
                                              const char* help);
prometheus::Family<prometheus::Histogram>& histograms(prometheus::Registry& registry, const char* name,
                                                      const char* help);

/// A family's only metric, without labels.
prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help);
prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help);

/// Buckets for durations: from a tenth of a millisecond, which a stage takes for one request, to the seconds
/// of a time-out.
const prometheus::Histogram::BucketBoundaries& duration_buckets();

double to_seconds(std::chrono::nanoseconds duration);

} // namespace winnow
