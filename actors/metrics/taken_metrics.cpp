#include "actors/metrics/taken_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t most_versions = 16;

/// From seconds, for a shop that shows the list at once, to a month.
const prometheus::Histogram::BucketBoundaries& age_buckets() {
  static const prometheus::Histogram::BucketBoundaries bounds{10,     60,     300,     1800,     3600,
                                                              21'600, 86'400, 604'800, 2'592'000};
  return bounds;
}

} // namespace

taken_metrics::taken_metrics(prometheus::Registry& registry)
    : taken_(counters(
          registry, "winnow_taken_total",
          "Items that users took, by the version that made their last list, and their place on it.")),
      hit_rate_(gauges(registry, "winnow_online_hit_rate",
                       "Share of the taken items that were on the last list, by its version.")),
      mrr_(gauges(registry, "winnow_online_mrr",
                  "Mean of 1 / place of the taken items on the last list, 0 if absent, by its version.")),
      ages_(
          histograms(registry, "winnow_taken_age_seconds", "Age of the list when one of its items was taken.")
              .Add({}, age_buckets())) {}

taken_metrics::of_version& taken_metrics::at(const std::string& version) {
  const auto known = std::find_if(versions_.begin(), versions_.end(),
                                  [&](const of_version& one) { return one.version == version; });
  if (known != versions_.end())
    return *known;
  if (versions_.size() == most_versions) {
    drop(versions_.front());
    versions_.pop_front();
  }
  auto& added = versions_.emplace_back();
  added.version = version;
  for (std::size_t i = 0; i < taken_places; ++i)
    added.places[i] =
        &taken_.Add({{"version", version}, {"place", std::string(to_string(static_cast<taken_place>(i)))}});
  added.hit_rate = &hit_rate_.Add({{"version", version}});
  added.mrr = &mrr_.Add({{"version", version}});
  return added;
}

void taken_metrics::drop(const of_version& old) {
  for (auto* const counter : old.places)
    taken_.Remove(counter);
  hit_rate_.Remove(old.hit_rate);
  mrr_.Remove(old.mrr);
}

void taken_metrics::go_on_from(const std::vector<taken_outcome>& outcomes) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : outcomes) {
    if (one.taken == 0)
      continue;
    auto& version = at(one.version);
    version.items += static_cast<double>(one.taken);
    version.hits += static_cast<double>(one.hits());
    version.reciprocal_places += one.reciprocal_places;
    version.hit_rate->Set(version.hits / version.items);
    version.mrr->Set(version.reciprocal_places / version.items);
  }
}

void taken_metrics::taken(const std::vector<taken_watch::taken_item>& items) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : items) {
    auto& version = at(one.version);
    version.places[static_cast<std::size_t>(place_of(one.place))]->Increment();
    version.items += 1;
    if (one.place > 0) {
      version.hits += 1;
      version.reciprocal_places += 1 / static_cast<double>(one.place);
      ages_.Observe(one.age);
    }
    version.hit_rate->Set(version.hits / version.items);
    version.mrr->Set(version.reciprocal_places / version.items);
  }
}

} // namespace winnow
