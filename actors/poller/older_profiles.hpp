#pragma once

#include "redis/records/keys.hpp"

#include <cstddef>
#include <deque>
#include <unordered_set>
#include <vector>

namespace winnow {

/// Profiles with a timestamp that are not their user's newest, and that wait for their own result. A stream
/// that replays the past writes them, and reads the result of the time that it wrote.
class older_profiles {
public:
  /// Queues a profile unless it is queued already. @return False if too many are waiting.
  bool add(const profile_key& key);

  /// Removes at most `most` profiles from the queue, those that wait longest first.
  std::vector<profile_key> take(std::size_t most);

  std::size_t waiting() const noexcept { return queue_.size(); }

private:
  static constexpr std::size_t most_waiting = 1'000'000;

  std::deque<profile_key> queue_;
  std::unordered_set<profile_key> queued_;
};

} // namespace winnow
