#include "models/gate/recent_profiles.hpp"

namespace winnow {

void recent_profiles::add(std::string_view user_id,
                          const std::shared_ptr<const std::vector<std::string>>& items) {
  constexpr std::ptrdiff_t longest = 200;
  auto kept = items;
  if (static_cast<std::ptrdiff_t>(items->size()) > longest)
    kept = std::make_shared<const std::vector<std::string>>(items->end() - longest, items->end());
  std::string user(user_id);
  const std::lock_guard lock(mutex_);
  if (const auto known = by_user_.find(user); known != by_user_.end()) {
    kept_[known->second].items = std::move(kept);
    return;
  }
  if (kept_.size() < most_) {
    by_user_.emplace(user, kept_.size());
    kept_.push_back({std::move(user), std::move(kept)});
  } else if (most_ > 0) {
    by_user_.erase(kept_[next_].user_id);
    by_user_.emplace(user, next_);
    kept_[next_] = {std::move(user), std::move(kept)};
    next_ = (next_ + 1) % most_;
  }
}

/// The last one takes its place.
void recent_profiles::forget(std::string_view user_id) {
  const std::lock_guard lock(mutex_);
  const auto known = by_user_.find(std::string(user_id));
  if (known == by_user_.end())
    return;
  const auto place = known->second;
  by_user_.erase(known);
  if (place + 1 < kept_.size()) {
    kept_[place] = std::move(kept_.back());
    by_user_[kept_[place].user_id] = place;
  }
  kept_.pop_back();
  next_ = next_ < kept_.size() ? next_ : 0;
}

std::vector<recent_profile> recent_profiles::all() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

} // namespace winnow
