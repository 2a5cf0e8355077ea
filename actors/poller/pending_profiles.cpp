#include "actors/poller/pending_profiles.hpp"

#include <functional>
#include <utility>

namespace winnow {

namespace {

std::uint64_t hash_of(const std::string& timestamp) {
  return std::hash<std::string>()(timestamp);
}

} // namespace

bool pending_profiles::changed(const profile_key& key) {
  auto& user = *users_.try_emplace(key.user_id).first;
  if (is_newer({key.user_id, user.second.timestamp}, key))
    return false;
  note_displaced(user, key);
  user.second.timestamp = key.timestamp;
  user.second.result_of = 0; // it may have been removed before the profile was written again
  user.second.sweep = sweep_;
  enqueue(user, place::fresh);
  return true;
}

void pending_profiles::note_displaced(const table::value_type& user, const profile_key& by) {
  const auto& [id, state] = user;
  const bool waits = state.queued != place::nowhere || (state.taken && state.changed_again);
  if (waits && state.timestamp != by.timestamp)
    displaced_.push_back({id, state.timestamp});
}

bool pending_profiles::seen(const profile_key& key) {
  auto& user = *users_.try_emplace(key.user_id).first;
  if (is_newer({key.user_id, user.second.timestamp}, key))
    return false;
  note_displaced(user, key);
  user.second.timestamp = key.timestamp;
  user.second.sweep = sweep_;
  return true;
}

void pending_profiles::enqueue(table::value_type& user, place queue) {
  auto& state = user.second;
  if (state.taken) {
    state.changed_again = true;
    return;
  }
  // A user in the backlog may move to `fresh_`. `take` skips the entry that stays behind in the backlog.
  if (state.queued >= queue)
    return;
  state.queued = queue;
  (queue == place::fresh ? fresh_ : backlog_).push_back(user.first);
}

std::vector<profile_key> pending_profiles::take(std::size_t most, bool only_fresh) {
  std::vector<profile_key> keys;
  for (auto* queue : {&fresh_, &backlog_})
    while ((queue == &fresh_ || !only_fresh) && keys.size() < most && !queue->empty()) {
      const std::string user_id = std::move(queue->front());
      queue->pop_front();
      const auto user = users_.find(user_id);
      if (user == users_.end() || user->second.queued == place::nowhere)
        continue;
      user->second.queued = place::nowhere;
      user->second.taken = true;
      keys.push_back({user_id, user->second.timestamp});
    }
  taken_ += keys.size();
  return keys;
}

bool pending_profiles::dealt_with(const profile_key& key, std::uint64_t digest, bool list_exists) const {
  const auto& state = users_.at(key.user_id);
  return digest == state.digest && (list_exists || state.refused);
}

bool pending_profiles::was_read(const profile_key& key, std::uint64_t digest) const {
  const auto& state = users_.at(key.user_id);
  return digest == state.digest && !state.unread;
}

void pending_profiles::deal_with(const profile_key& key, std::uint64_t digest, bool refused) {
  auto& state = users_.at(key.user_id);
  state.digest = digest;
  state.refused = refused;
  state.unread = false;
}

bool pending_profiles::has_result(const profile_key& key) const {
  return users_.at(key.user_id).result_of == hash_of(key.timestamp);
}

void pending_profiles::note_result(const profile_key& key) {
  users_.at(key.user_id).result_of = hash_of(key.timestamp);
}

void pending_profiles::forget_result(const profile_key& key) {
  if (has_result(key))
    users_.at(key.user_id).result_of = 0;
}

bool pending_profiles::stored(const profile_key& of, std::uint64_t digest) {
  const auto known = users_.find(of.user_id);
  // Perhaps the profile of an unknown user was removed meanwhile: then the list must go, too.
  const bool is_news = known == users_.end() || is_newer(of, {of.user_id, known->second.timestamp});
  if (is_news)
    changed(of);
  auto& user = *users_.find(of.user_id);
  if (user.second.digest == digest)
    return is_news;
  const bool was_checked = user.second.digest != 0;
  user.second.digest = digest;
  user.second.refused = false;
  user.second.unread = true;
  if (!is_news && !was_checked)
    return false; // the first check is still to come
  enqueue(user, place::fresh);
  return true;
}

bool pending_profiles::compute_again(const std::string& user_id) {
  const auto user = users_.find(user_id);
  if (user == users_.end() || user->second.refused)
    return false;
  user->second.digest = 0;
  enqueue(*user, place::backlog);
  return true;
}

void pending_profiles::finish(const profile_key& key) {
  auto& user = *users_.find(key.user_id);
  --taken_;
  user.second.taken = false;
  if (std::exchange(user.second.changed_again, false))
    enqueue(user, place::backlog);
}

void pending_profiles::requeue(const profile_key& key) {
  auto& state = users_.at(key.user_id);
  if (state.timestamp != key.timestamp)
    displaced_.push_back(key);
  state.changed_again = true;
  finish(key);
}

bool pending_profiles::erase(const profile_key& key) {
  if (const auto& user = users_.at(key.user_id); user.changed_again || user.timestamp != key.timestamp) {
    finish(key);
    return false;
  }
  --taken_;
  users_.erase(key.user_id);
  return true;
}

bool pending_profiles::forget(const profile_key& key) {
  const auto user = users_.find(key.user_id);
  if (user == users_.end() || user->second.timestamp != key.timestamp || user->second.taken ||
      user->second.queued != place::nowhere)
    return false;
  users_.erase(user);
  return true;
}

void pending_profiles::note(const profile_key& key) {
  auto& state = users_[key.user_id];
  const bool first_in_sweep = state.sweep != sweep_;
  state.sweep = sweep_;
  if (first_in_sweep || is_newer(key, {key.user_id, state.timestamp}))
    state.timestamp = key.timestamp;
}

void pending_profiles::finish_sweep(const std::function<void(const profile_key& key, bool exists)>& newest) {
  for (auto user = users_.begin(); user != users_.end();) {
    auto& state = user->second;
    if (state.sweep == sweep_) {
      newest({user->first, state.timestamp}, true);
      enqueue(*user, place::backlog);
    } else if (!state.taken && state.queued == place::nowhere) {
      newest({user->first, {}}, false);
      user = users_.erase(user);
      continue;
    }
    ++user;
  }
}

} // namespace winnow
