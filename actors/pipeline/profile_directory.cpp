#include "actors/pipeline/profile_directory.hpp"

namespace winnow {

profile_key profile_directory::newest(std::string_view user_id) const {
  profile_key key{std::string(user_id), {}};
  const std::lock_guard lock(mutex_);
  if (const auto found = timestamps_.find(key.user_id); found != timestamps_.end())
    key.timestamp = found->second;
  return key;
}

void profile_directory::record(const profile_key& key) {
  const std::lock_guard lock(mutex_);
  if (key.timestamp.empty())
    timestamps_.erase(key.user_id);
  else
    timestamps_[key.user_id] = key.timestamp;
}

} // namespace winnow
