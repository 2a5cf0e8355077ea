#include "models/online/drift_watch.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::uint64_t lists_to_half = 1000;

double share(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

} // namespace

bool drift_watch::is_due(clock::time_point now) noexcept {
  const auto at = now.time_since_epoch().count();
  auto next = next_.load(std::memory_order_relaxed);
  return at >= next && next_.compare_exchange_strong(next, at + clock::duration(least_distance).count(),
                                                     std::memory_order_relaxed);
}

void drift_watch::begin(const model_set& models) {
  version_ = models.version;
  reference_ = models.drift;
  lists_ = 0;
  users_ = unknown_users_ = items_ = unknown_items_ = 0;
  places_.clear();
  counts_.clear();
  if (!reference_)
    return;
  const auto names = watched_values(models);
  for (const auto& one : *reference_) {
    places_.push_back(
        static_cast<std::size_t>(std::find(names.begin(), names.end(), one.name) - names.begin()));
    counts_.emplace_back(one.shares.size(), 0.0);
  }
}

void drift_watch::fade() {
  for (auto* one : {&users_, &unknown_users_, &items_, &unknown_items_})
    *one /= 2;
  for (auto& bins : counts_)
    for (auto& one : bins)
      one /= 2;
}

void drift_watch::observe(const model_set& models, const user_context& user, const ranked_list* by_din,
                          const ranked_list* by_ranknet) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock)
    return;
  if (models.version != version_)
    begin(models);
  if (lists_ > 0 && lists_ % lists_to_half == 0)
    fade();
  ++lists_;
  users_ += 1;
  unknown_users_ += user.user ? 0 : 1;
  items_ += static_cast<double>(user.history.size());
  unknown_items_ += static_cast<double>(std::count(user.history.begin(), user.history.end(), unknown_item));
  if (!reference_)
    return;
  for (auto& one : values_)
    one.clear();
  append_values(models, user, by_din, by_ranknet, work_, values_);
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (places_[i] < values_.size())
      for (const auto value : values_[places_[i]])
        counts_[i][(*reference_)[i].bin_of(value)] += 1;
}

drift_report drift_watch::report() const {
  const std::lock_guard lock(mutex_);
  drift_report made;
  made.lists = lists_;
  made.unknown_items = share(unknown_items_, items_);
  made.unknown_users = share(unknown_users_, users_);
  made.has_reference = reference_ != nullptr;
  if (!reference_ || lists_ < least_lists)
    return made;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    made.indices.emplace_back((*reference_)[i].name, stability_index((*reference_)[i].shares, counts_[i]));
  return made;
}

} // namespace winnow
