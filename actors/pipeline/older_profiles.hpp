#pragma once

#include "redis/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
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

/// Recognises timestamped profiles that a sweep has not seen before, and contents that were dealt with. Keeps
/// sixteen bytes for each profile.
class known_timestamps {
public:
  /// Notes a profile that was announced: its content may be another one now.
  void announced(const profile_key& key) { deal_with(key, 0); }

  /// Notes the content whose result is stored, or that is no valid profile.
  /// @param content Its digest; 0 if there is none.
  void deal_with(const profile_key& key, std::uint64_t content);
  bool dealt_with(const profile_key& key, std::uint64_t content) const;

  void begin_sweep() { in_sweep_.clear(); }
  /// Notes a profile that the sweep found. @return Whether it is new. Nothing is new to the first sweep; the
  /// `reconciliation` that follows finds what has no result.
  bool found(const profile_key& key);
  /// Whether the profile was announced, or found by a sweep.
  bool knows(const profile_key& key) const { return seen_.count(std::hash<profile_key>()(key)) > 0; }
  /// The next sweep that finds the profile takes it for new.
  void forget(const profile_key& key);
  /// Forgets what the sweep did not find. @return Whether there was any.
  bool finish_sweep();

private:
  using contents = std::unordered_map<std::size_t, std::uint64_t>; ///< By the hash of the key.

  contents seen_, in_sweep_;
  bool swept_ = false;
};

} // namespace winnow
