#include "actors/metrics/taken_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace winnow {

namespace {

constexpr std::size_t most_versions = 16;
constexpr std::size_t most_placed = 200; // of each placement some versions

/// From seconds, for a shop that shows the list at once, to a month.
const prometheus::Histogram::BucketBoundaries& age_buckets() {
  static const prometheus::Histogram::BucketBoundaries bounds{10,     60,     300,     1800,     3600,
                                                              21'600, 86'400, 604'800, 2'592'000};
  return bounds;
}

std::map<std::string, std::string> labels_of(const std::string& version, const std::string& placement) {
  std::map<std::string, std::string> labels{{"version", version}};
  if (!placement.empty())
    labels.emplace("placement", placement);
  return labels;
}

std::map<std::string, std::string> with(std::map<std::string, std::string> labels, const char* name,
                                        std::string value) {
  labels.emplace(name, std::move(value));
  return labels;
}

} // namespace

void taken_metrics::shown_estimate::set(const estimate& to) const {
  value->Set(to.value);
  low->Set(to.low);
  high->Set(to.high);
}

taken_metrics::taken_metrics(prometheus::Registry& registry)
    : plain_{counters(registry, "winnow_taken_total",
                      "Items that users took, by the version that made their last list, and their place on "
                      "it."),
             gauges(registry, "winnow_online_hit_rate",
                    "Share of the taken items that were on the last list, by its version."),
             gauges(registry, "winnow_online_mrr",
                    "Mean of 1 / place of the taken items on the last list, 0 if absent, by its version."),
             gauges(registry, "winnow_online_hit_rate_bound",
                    "Bounds of the interval of 95 % of the hit rate, by version."),
             gauges(registry, "winnow_online_mrr_bound",
                    "Bounds of the interval of 95 % of the mean of 1 / place, by version.")},
      placed_{counters(registry, "winnow_placement_taken_total",
                       "Items that users took after a list of a placement, by the version that made it, and "
                       "their place on it."),
              gauges(registry, "winnow_placement_hit_rate",
                     "Share of the taken items that were on the last list of a placement, by its version."),
              gauges(registry, "winnow_placement_mrr",
                     "Mean of 1 / place of the taken items on the last list of a placement, 0 if absent."),
              gauges(registry, "winnow_placement_hit_rate_bound",
                     "Bounds of the interval of 95 % of the hit rate of a placement, by version."),
              gauges(registry, "winnow_placement_mrr_bound",
                     "Bounds of the interval of 95 % of the mean of 1 / place of a placement, by version.")},
      ages_(
          histograms(registry, "winnow_taken_age_seconds", "Age of the list when one of its items was taken.")
              .Add({}, age_buckets())) {}

taken_metrics::of_version& taken_metrics::at(const std::string& version, const std::string& placement) {
  auto& all = placement.empty() ? versions_ : versions_placed_;
  const auto known = std::find_if(all.begin(), all.end(), [&](const of_version& one) {
    return one.version == version && one.placement == placement;
  });
  if (known != all.end())
    return *known;
  if (all.size() == (placement.empty() ? most_versions : most_placed)) {
    drop(all.front());
    all.pop_front();
  }
  auto& of = families_of(placement);
  auto& added = all.emplace_back();
  added.version = version;
  added.placement = placement;
  const auto labels = labels_of(version, placement);
  for (std::size_t i = 0; i < taken_places; ++i)
    added.places[i] =
        &of.taken.Add(with(labels, "place", std::string(to_string(static_cast<taken_place>(i)))));
  const auto bound = [&](prometheus::Family<prometheus::Gauge>& family, const char* which) {
    return &family.Add(with(labels, "bound", which));
  };
  added.hit_rate = {&of.hit_rate.Add(labels), bound(of.hit_rate_bound, "low"),
                    bound(of.hit_rate_bound, "high")};
  added.mrr = {&of.mrr.Add(labels), bound(of.mrr_bound, "low"), bound(of.mrr_bound, "high")};
  return added;
}

void taken_metrics::drop(const of_version& old) {
  auto& of = families_of(old.placement);
  for (auto* const counter : old.places)
    of.taken.Remove(counter);
  of.hit_rate.Remove(old.hit_rate.value);
  of.mrr.Remove(old.mrr.value);
  for (auto* const bound : {old.hit_rate.low, old.hit_rate.high})
    of.hit_rate_bound.Remove(bound);
  for (auto* const bound : {old.mrr.low, old.mrr.high})
    of.mrr_bound.Remove(bound);
}

void taken_metrics::show(std::shared_ptr<const taken_watch> watch) {
  const auto outcomes = watch ? watch->outcomes() : std::vector<taken_outcome>();
  const std::lock_guard lock(mutex_);
  watch_ = std::move(watch);
  for (const auto& one : outcomes)
    if (one.taken > 0)
      at(one.version, one.placement);
}

void taken_metrics::taken(const std::vector<taken_watch::taken_item>& items) {
  if (items.empty())
    return;
  const std::lock_guard lock(mutex_);
  for (const auto& one : items) {
    at(one.version, one.placement).places[static_cast<std::size_t>(place_of(one.place))]->Increment();
    if (one.place > 0)
      ages_.Observe(one.age);
  }
}

void taken_metrics::update() {
  const std::lock_guard lock(mutex_);
  if (!watch_)
    return;
  const auto outcomes = watch_->outcomes();
  for (const auto* all : {&versions_, &versions_placed_})
    for (const auto& one : *all) {
      taken_outcome sum;
      for (const auto& outcome : outcomes)
        if (outcome.version == one.version && outcome.placement == one.placement)
          add_outcome(sum, outcome);
      one.hit_rate.set(hit_rate(sum));
      one.mrr.set(mean_reciprocal_rank(sum));
    }
}

} // namespace winnow
