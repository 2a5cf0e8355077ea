#include "actors/poller/older_profiles.hpp"

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

} // namespace winnow
