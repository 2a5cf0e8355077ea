#pragma once

#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

/// Helpers to register metric families, shared by the metrics of all components.
namespace winnow {

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, const char* name,
                                                  const char* help);
prometheus::Family<prometheus::Gauge>& gauges(prometheus::Registry& registry, const char* name,
                                              const char* help);
prometheus::Family<prometheus::Histogram>& histograms(prometheus::Registry& registry, const char* name,
                                                      const char* help);

/// These register a family with a single metric, without labels, and return that metric.
prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help);
prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help);

/// Returns the buckets for durations: from 0.1 ms, the time a stage takes for one request, to the seconds of
/// a time-out.
const prometheus::Histogram::BucketBoundaries& duration_buckets();

double to_seconds(std::chrono::nanoseconds duration);

} // namespace winnow
