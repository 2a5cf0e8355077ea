#include "actors/metrics/exemplars.hpp"

#include "actors/metrics/metric_families.hpp"

#include <algorithm>

namespace winnow {

namespace {

std::string key_of(std::string_view family, std::string_view label) {
  return std::string(family) + ' ' + std::string(label);
}

} // namespace

void exemplars::note(const char* family, std::string_view label, std::chrono::nanoseconds took,
                     std::string_view trace) {
  const auto& bounds = duration_buckets();
  const double seconds = to_seconds(took);
  const auto bucket =
      static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin());
  const std::lock_guard lock(mutex_);
  last_[{key_of(family, label), bucket}] = {std::string(trace), seconds, std::chrono::system_clock::now()};
  if (last_.size() > most)
    make_room();
}

/// Requires the lock.
void exemplars::make_room() {
  last_.erase(std::min_element(last_.begin(), last_.end(),
                               [](const auto& a, const auto& b) { return a.second.when < b.second.when; }));
}

std::optional<exemplar> exemplars::of(std::string_view family, std::string_view label,
                                      std::size_t bucket) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find({key_of(family, label), bucket});
  return found == last_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace winnow
