#include "actors/pipeline/profile_directory.hpp"

#include <utility>

namespace winnow {

profile_key profile_directory::newest(std::string_view user_id) const {
  profile_key key{std::string(user_id), {}};
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(key.user_id); found != entries_.end())
    key.timestamp = found->second.timestamp;
  return key;
}

void profile_directory::record(const profile_key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key.user_id);
  // The look may have begun before a client wrote a newer one.
  if (found != entries_.end() && std::exchange(found->second.just_written, false) &&
      is_newer({key.user_id, found->second.timestamp}, key))
    return;
  if (key.timestamp.empty())
    entries_.erase(key.user_id);
  else if (auto& known = entries_[key.user_id]; known.timestamp != key.timestamp)
    known = {key.timestamp};
}

void profile_directory::written(const profile_key& key) {
  if (key.timestamp.empty())
    return;
  const std::lock_guard lock(mutex_);
  auto& known = entries_[key.user_id];
  if (!known.is_erased() && !is_newer(key, {key.user_id, known.timestamp}))
    return;
  known.timestamp = key.timestamp;
  if (known.is_erased()) // no longer
    known.erased.clear();
  known.just_written = true;
}

void profile_directory::announced(const profile_key& key) {
  if (key.timestamp.empty())
    return;
  const std::lock_guard lock(mutex_);
  auto& known = entries_[key.user_id];
  if (is_newer(key, {key.user_id, known.timestamp}) && is_newer(key, {key.user_id, known.erased}))
    known = {key.timestamp};
}

void profile_directory::gone(const profile_key& key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(key.user_id);
      found != entries_.end() && found->second.timestamp == key.timestamp)
    entries_.erase(found);
}

void profile_directory::erased(const std::string& user_id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(user_id); found != entries_.end())
    found->second = {found->second.timestamp, found->second.timestamp};
}

bool profile_directory::all_erased(const std::string& user_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(user_id);
  return found == entries_.end() || found->second.is_erased();
}

} // namespace winnow
