#include "actors/pipeline/older_profiles.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

bool older_profiles::add(const profile_key& key) {
  if (queue_.size() >= most_waiting)
    return false;
  if (queued_.insert(key).second)
    queue_.push_back(key);
  return true;
}

std::vector<profile_key> older_profiles::take(std::size_t most) {
  std::vector<profile_key> taken;
  while (taken.size() < most && !queue_.empty()) {
    queued_.erase(queue_.front());
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

void known_timestamps::deal_with(const profile_key& key, std::uint64_t content) {
  const auto hash = std::hash<profile_key>()(key);
  seen_[hash] = content;
  if (const auto found = in_sweep_.find(hash); found != in_sweep_.end())
    found->second = content;
}

bool known_timestamps::dealt_with(const profile_key& key, std::uint64_t content) const {
  const auto known = seen_.find(std::hash<profile_key>()(key));
  return known != seen_.end() && known->second == content && content != 0;
}

bool known_timestamps::found(const profile_key& key) {
  const auto [known, is_new] = seen_.emplace(std::hash<profile_key>()(key), 0);
  in_sweep_.insert(*known);
  return is_new && swept_;
}

void known_timestamps::forget(const profile_key& key) {
  const auto hash = std::hash<profile_key>()(key);
  seen_.erase(hash);
  in_sweep_.erase(hash);
}

bool known_timestamps::finish_sweep() {
  const bool all_found = std::all_of(seen_.begin(), seen_.end(),
                                     [this](const auto& known) { return in_sweep_.count(known.first) > 0; });
  seen_ = std::exchange(in_sweep_, {});
  swept_ = true;
  return !all_found;
}

} // namespace winnow
