#include "actors/metrics/legacy_metrics.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace winnow {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(const char* name, const char* help, MetricType type, ClientMetric metric) {
  return {name, help, type, {std::move(metric)}};
}

ClientMetric counter_of(double value) {
  ClientMetric metric;
  metric.counter.value = value;
  return metric;
}

ClientMetric gauge_of(double value) {
  ClientMetric metric;
  metric.gauge.value = value;
  return metric;
}

bool succeeded(const ClientMetric& metric) {
  return std::any_of(metric.label.begin(), metric.label.end(),
                     [](const auto& label) { return label.name == "outcome" && label.value == "ok"; });
}

/// Adds `more`, which has the same buckets unless `sum` is still empty.
void add(ClientMetric::Histogram& sum, const ClientMetric::Histogram& more) {
  sum.sample_count += more.sample_count;
  sum.sample_sum += more.sample_sum;
  if (sum.bucket.empty())
    sum.bucket = more.bucket;
  else
    for (std::size_t i = 0; i < std::min(sum.bucket.size(), more.bucket.size()); ++i)
      sum.bucket[i].cumulative_count += more.bucket[i].cumulative_count;
}

} // namespace

std::vector<MetricFamily> legacy_families(const std::vector<MetricFamily>& own,
                                          const legacy_figures& figures) {
  double lists = 0;
  double failures = 0;
  ClientMetric duration;
  for (const auto& one : own)
    for (const auto& metric : one.metric) {
      if (one.name == "winnow_recommender_requests_total")
        (succeeded(metric) ? lists : failures) += metric.counter.value;
      if (one.name == "winnow_recommender_duration_seconds")
        add(duration.histogram, metric.histogram);
    }
  std::vector<MetricFamily> made{
      family("model_inference_total", "Lists computed, as the former service counted them.",
             MetricType::Counter, counter_of(lists)),
      family("model_inference_error_total", "Lists that could not be computed.", MetricType::Counter,
             counter_of(failures)),
      family("model_inference_seconds", "Time from a request's arrival in the pipeline to its stored list.",
             MetricType::Histogram, std::move(duration)),
      family("recommendation_items_count", "Items of a full list.", MetricType::Gauge,
             gauge_of(static_cast<double>(figures.list_items)))};
  if (figures.redis_keys)
    made.push_back(family("redis_keys_count", "Keys in the store, when they were last counted.",
                          MetricType::Gauge, gauge_of(static_cast<double>(*figures.redis_keys))));
  return made;
}

} // namespace winnow
