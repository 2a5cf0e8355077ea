#pragma once

#include "redis/records/keys.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace winnow {

/// Tracks each user's newest profile and queues the users whose profiles must be checked. A user is queued at
/// most once, so many changes in a row lead to one check of the last one. If a profile changes while it is
/// being checked, its user is queued again afterwards.
class pending_profiles {
public:
  /// Where a user is queued. Announced changes (`fresh`) are checked first.
  enum class place { nowhere, backlog, fresh };

  /// Queues the user after an announced change.
  /// @return Whether the user's newest profile changed. Changes of older profiles queue nothing.
  bool changed(const profile_key& key);

  /// Notes a change that is dealt with elsewhere, and queues nothing.
  /// @return Whether this is the user's newest profile.
  bool seen(const profile_key& key);

  /// Returns the profiles that were queued, or were to be queued again, when a newer one took their place,
  /// and forgets them.
  std::vector<profile_key> take_displaced() { return std::exchange(displaced_, {}); }

  /// Removes at most `most` users from the queues, announced changes first, and returns the keys of their
  /// newest profiles. They count as taken until `finish`, `requeue` or `erase`.
  /// @param only_fresh Leaves what a sweep has found.
  std::vector<profile_key> take(std::size_t most, bool only_fresh = false);

  /// Whether the content needs no work: it was dealt with before, and either its list still exists or it was
  /// refused.
  bool dealt_with(const profile_key& key, std::uint64_t digest, bool list_exists) const;

  /// Whether the content was read and dealt with before. The list of one that was not may exist all the same,
  /// because a request has stored it.
  bool was_read(const profile_key& key, std::uint64_t digest) const;

  /// Records that the content was read, and that its list was computed, or that it is no valid profile
  /// (`refused`).
  /// @param digest Of the content and of everything else that its list depends on. 0 forgets the content.
  void deal_with(const profile_key& key, std::uint64_t digest, bool refused);

  /// Whether the result of a profile with a timestamp is known to be stored. The last one of each user is.
  bool has_result(const profile_key& key) const;

  /// Records that it is stored.
  void note_result(const profile_key& key);

  /// Records that it was removed.
  void forget_result(const profile_key& key);

  /// Records that another request stored a list of the user. It may have replaced the list of a newer
  /// profile, or be of one that is newer than the newest known one.
  /// @param of The profile that the list was computed from.
  /// @param digest Of what the list was computed from; 0 if it is unknown whether the list was stored.
  /// @return Whether the user was queued to check that.
  bool stored(const profile_key& of, std::uint64_t digest);

  /// Queues the user in the backlog, as if the content was not dealt with.
  /// @return False if there is no such user, or if the content is no valid profile.
  bool compute_again(const std::string& user_id);

  // For each taken user, exactly one of these must be called.
  void finish(const profile_key& key);  ///< Re-queues the user only if the profile changed meanwhile.
  void requeue(const profile_key& key); ///< Re-queues the user.
  /// The profile no longer exists: forgets the user. If it changed meanwhile, re-queues the user, and if
  /// another one became the user's newest, keeps the user; returns false then.
  bool erase(const profile_key& key);

  /// The same for a user who was not taken: forgets the user if nothing waits and this is the newest profile.
  /// @return Whether it did.
  bool forget(const profile_key& key);

  // A sweep calls `note` for each key. It queues users only when it is complete, because only then is each
  // user's newest profile known.
  void begin_sweep() { ++sweep_; }
  void note(const profile_key& key);

  /// Queues all users that the sweep has seen, and forgets the others unless they are queued or taken.
  /// @param newest Called with the newest profile of each seen user, and with a key without a timestamp for
  ///   each forgotten user, who has no profile any more.
  void finish_sweep(const std::function<void(const profile_key& key, bool exists)>& newest);

  /// Whether the user has a profile, or is to be looked at.
  bool knows(const std::string& user_id) const { return users_.find(user_id) != users_.end(); }

  std::size_t users() const noexcept { return users_.size(); }
  std::size_t waiting() const noexcept { return fresh_.size() + backlog_.size(); }
  std::size_t taken() const noexcept { return taken_; } ///< Users being checked.

private:
  struct entry {
    std::string timestamp;         ///< Of the newest profile; empty if its key has none.
    std::uint64_t digest = 0;      ///< Of the content last dealt with; 0 if none.
    std::uint64_t result_of = 0;   ///< Hash of the timestamp whose result is stored; 0 if none is known.
    std::uint32_t sweep = 0;       ///< Number of the sweep in or after which the user was last seen.
    bool refused = false;          ///< Whether that content is no valid profile.
    bool unread = false;           ///< Whether a request has stored its list, and it was not read since.
    place queued = place::nowhere; ///< Where the user is queued.
    bool taken = false;
    bool changed_again = false; ///< Changed while taken.
  };
  using table = std::unordered_map<std::string, entry>;

  void enqueue(table::value_type& user, place queue);
  void note_displaced(const table::value_type& user, const profile_key& by);

  table users_;
  std::deque<std::string> fresh_;   ///< Announced changes.
  std::deque<std::string> backlog_; ///< Found by a sweep, or to be retried.
  std::vector<profile_key> displaced_;
  std::size_t taken_ = 0;
  std::uint32_t sweep_ = 0;
};

} // namespace winnow
