#pragma once

#include "redis/records/keys.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace winnow {

/// The timestamp of each user's newest profile, for users whose profiles have timestamps. The poller writes
/// what it learns from the store, the HTTP server what clients write and erase through it; requests read it.
/// A user without an entry has at most a profile without a timestamp. Thread-safe.
class profile_directory {
public:
  /// Returns the key of the user's newest profile.
  profile_key newest(std::string_view user_id) const;

  /// Records the key of a user's newest profile, as a look at all profiles found it. A key without a
  /// timestamp removes the entry.
  void record(const profile_key& key);

  /// Records that a client has just written a profile. It is the user's newest one unless a newer one exists.
  void written(const profile_key& key);

  /// Records that a profile was announced, perhaps late: it was written or erased. It is the user's newest
  /// one unless a newer one is known, or it may be one of those that were all erased.
  void announced(const profile_key& key);

  /// Records that a profile does not exist. If it was the newest one, no other is known.
  void gone(const profile_key& key);

  /// Records that all profiles of a user were erased. Announcements of the removals may still follow.
  void erased(const std::string& user_id);

  /// Whether the user has no older profile with a timestamp if the newest one does not exist.
  bool all_erased(const std::string& user_id) const;

private:
  struct entry {
    bool is_erased() const { return timestamp == erased; } ///< And with it all others.

    std::string timestamp;     ///< Not empty once the entry was made.
    std::string erased = {};   ///< The newest when all were erased; empty: they were not.
    bool just_written = false; ///< By a client, since the last look at all profiles.
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, entry> entries_; ///< By user id.
};

} // namespace winnow
