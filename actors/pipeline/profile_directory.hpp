#pragma once

#include "redis/keys.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace winnow {

/// Which of a user's profiles is the newest, for users whose profiles carry timestamps. The poller writes
/// what it learns of the store, requests read. A user who is not here has the profile without a timestamp, if
/// any. Thread-safe.
class profile_directory {
public:
  /// The key under which the user's newest profile lies.
  profile_key newest(std::string_view user_id) const;

  /// Records the newest profile of a user. A key without a timestamp removes the record.
  void record(const profile_key& key);

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> timestamps_; ///< By user id.
};

} // namespace winnow
