#pragma once

#include "redis/records/keys.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace winnow {

/// The timestamp of each user's newest profile, for users whose profiles have timestamps. The poller writes
/// what it learns from the store; requests read it. A user without an entry has at most a profile without a
/// timestamp. Thread-safe.
class profile_directory {
public:
  /// Returns the key of the user's newest profile.
  profile_key newest(std::string_view user_id) const;

  /// Records the key of a user's newest profile. A key without a timestamp removes the entry.
  void record(const profile_key& key);

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> timestamps_; ///< By user id.
};

} // namespace winnow
