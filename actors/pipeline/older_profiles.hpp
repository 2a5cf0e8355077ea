#pragma once

#include "redis/keys.hpp"

#include <cstddef>
#include <cstdint>
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

/// Recognises timestamped profiles that a sweep has not seen before. Keeps eight bytes for each.
class known_timestamps {
public:
  /// Notes a profile that was announced.
  void announced(const profile_key& key) { seen_.insert(std::hash<profile_key>()(key)); }

  void begin_sweep() { in_sweep_.clear(); }
  /// Notes a profile that the sweep found. @return Whether it is new. Nothing is new to the first sweep; the
  /// `reconciliation` that follows finds what has no result.
  bool found(const profile_key& key);
  /// Whether the profile was announced, or found by a sweep.
  bool knows(const profile_key& key) const { return seen_.count(std::hash<profile_key>()(key)) > 0; }
  /// The next sweep that finds the profile takes it for new.
  void forget(const profile_key& key);
  /// Forgets what the sweep did not find.
  void finish_sweep();

private:
  std::unordered_set<std::size_t> seen_, in_sweep_;
  bool swept_ = false;
};

} // namespace winnow
