#pragma once

#include "redis/backoff.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

namespace winnow {

/// Paces the poller while the store refuses to store lists: after growing pauses, one list at a time is
/// computed and tried, until one is stored. Also tells a right that all users lack from one that concerns
/// only some, as with an ACL on key patterns. Not thread-safe.
class write_refusals {
public:
  explicit write_refusals(backoff pauses) : pauses_(std::move(pauses)) {}

  /// A list of the user was stored.
  void stored(const std::string& user);

  /// The store denied a list of the user.
  /// @return Whether only some users are concerned: it had denied this user before, and has stored lists of
  ///   others since. Then a retry is of no use, and nobody has to wait.
  bool is_denied_alone(const std::string& user);

  /// A list was refused for a reason that concerns all users: starts the next, longer pause.
  void refused();

  /// Returns the rest of the pause.
  std::chrono::milliseconds pause() const { return pauses_.remaining(); }

  /// Returns how many lists may be computed at a time: `usual`, or one while lists are refused.
  std::size_t limit(std::size_t usual) const noexcept { return refusing_ ? 1 : usual; }

private:
  backoff pauses_;
  bool refusing_ = false;
  std::uint64_t stored_ = 0; ///< Lists so far.
  /// For each denied user, how many lists had been stored when the store last denied one of the user's.
  std::unordered_map<std::string, std::uint64_t> denied_;
};

} // namespace winnow
