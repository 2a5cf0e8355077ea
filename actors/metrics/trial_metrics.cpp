#include "actors/metrics/trial_metrics.hpp"

#include "actors/metrics/metric_families.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t most_versions = 16;

using boundaries = prometheus::Histogram::BucketBoundaries;

prometheus::Counter& shadow_lists(prometheus::Registry& registry, const char* outcome) {
  return counters(registry, "winnow_shadow_lists_total",
                  "Lists that the shadow ranked, too, and compared; dropped under load; or failed to.")
      .Add({{"outcome", outcome}});
}

} // namespace

trial_metrics::trial_metrics(prometheus::Registry& registry)
    : lists_(counters(registry, "winnow_version_lists_total",
                      "Lists computed, by version of the models, and whether they lack a stage.")),
      durations_(histograms(registry, "winnow_version_duration_seconds",
                            "Time from a request's arrival in the pipeline to its stored list, by version "
                            "of the models.")),
      shares_(gauges(registry, "winnow_experiment_share",
                     "Share of the users that get a version, while an experiment runs.")),
      compared_(shadow_lists(registry, "compared")), dropped_(shadow_lists(registry, "dropped")),
      failed_(shadow_lists(registry, "failed")),
      overlap_(histograms(registry, "winnow_shadow_overlap_ratio",
                          "Share of a list's first 20 items that the shadow has among its first 20.")
                   .Add({}, boundaries{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95})),
      score_difference_(histograms(registry, "winnow_shadow_score_difference",
                                   "Mean distance of both scores of the items on both lists.")
                            .Add({}, boundaries{0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5})),
      shadow_duration_(histograms(registry, "winnow_shadow_duration_seconds",
                                  "Time that the shadow took for a list, in the queues and in the stages.")
                           .Add({}, duration_buckets())) {}

void trial_metrics::use(const model_trials* trials, const std::string& in_force) {
  const std::lock_guard lock(mutex_);
  for (auto* const share : running_)
    shares_.Remove(share);
  running_.clear();
  if (trials == nullptr || !trials->running)
    return;
  const auto& what = *trials->running;
  for (std::size_t i = 0; i < what.arms.size(); ++i) {
    const auto buckets = std::count(what.buckets.begin(), what.buckets.end(), static_cast<std::uint8_t>(i));
    auto& share = shares_.Add(
        {{"experiment", what.name}, {"version", trials->arms[i] ? what.arms[i].digest : in_force}});
    share.Set(static_cast<double>(buckets) / static_cast<double>(bucket_count));
    running_.push_back(&share);
  }
}

trial_metrics::of_version& trial_metrics::at(const std::string& version) {
  const auto known = std::find_if(versions_.begin(), versions_.end(),
                                  [&](const of_version& one) { return one.version == version; });
  if (known != versions_.end())
    return *known;
  if (versions_.size() == most_versions) {
    lists_.Remove(versions_.front().whole);
    lists_.Remove(versions_.front().degraded);
    durations_.Remove(versions_.front().duration);
    versions_.pop_front();
  }
  auto& added = versions_.emplace_back();
  added.version = version;
  added.whole = &lists_.Add({{"version", version}, {"outcome", "whole"}});
  added.degraded = &lists_.Add({{"version", version}, {"outcome", "degraded"}});
  added.duration = &durations_.Add({{"version", version}}, duration_buckets());
  return added;
}

void trial_metrics::listed(const std::string& version, bool degraded, std::chrono::nanoseconds took) {
  const std::lock_guard lock(mutex_);
  auto& of = at(version);
  (degraded ? of.degraded : of.whole)->Increment();
  of.duration->Observe(to_seconds(took));
}

void trial_metrics::shadow(shadow_outcome outcome) {
  (outcome == shadow_outcome::dropped ? dropped_ : failed_).Increment();
}

void trial_metrics::compared(double overlap, double score_difference, std::chrono::nanoseconds took) {
  compared_.Increment();
  overlap_.Observe(overlap);
  score_difference_.Observe(score_difference);
  shadow_duration_.Observe(to_seconds(took));
}

} // namespace winnow
