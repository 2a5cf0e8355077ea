#include "actors/poller/incomplete_lists.hpp"

#include <algorithm>

namespace winnow {

namespace {

// More doublings of a second would exceed what matters: this is 34 years.
constexpr int most_doublings = 30;

} // namespace

void incomplete_lists::lacks_stage(const std::string& user_id, std::uint64_t digest, time_point now) {
  auto found = users_.find(user_id);
  if (found != users_.end() && found->second.digest != digest) {
    forget(user_id);
    found = users_.end();
  }
  if (found == users_.end()) {
    if (users_.size() >= most_)
      return;
    found = users_.try_emplace(user_id).first;
    found->second.digest = digest;
  } else if (found->second.is == progress::waiting) {
    return;
  } else {
    found->second.failed_tries =
        static_cast<std::uint8_t>(std::min(found->second.failed_tries + 1, most_doublings));
  }
  schedule(*found, now);
}

void incomplete_lists::schedule(table::value_type& user, time_point now) {
  auto& [id, state] = user;
  state.is = progress::waiting;
  state.due = now + first_pause * (std::int64_t{1} << state.failed_tries);
  waiting_.emplace(state.due, &id);
}

bool incomplete_lists::forget(const std::string& user_id) {
  const auto user = users_.find(user_id);
  if (user == users_.end())
    return false;
  waiting_.erase({user->second.due, &user->first});
  users_.erase(user);
  return true;
}

std::vector<std::string> incomplete_lists::stages_answer(time_point now) {
  probe_pause_ = first_pause;
  return take(most_at_once, now);
}

std::vector<std::string> incomplete_lists::probe(time_point now) {
  if (now < next_probe_)
    return {};
  auto users = take(1, now);
  if (!users.empty()) {
    next_probe_ = now + probe_pause_;
    probe_pause_ = std::min(probe_pause_ * 2, longest_probe_pause);
  }
  return users;
}

std::vector<std::string> incomplete_lists::take(std::size_t most, time_point now) {
  std::vector<std::string> users;
  while (users.size() < most && !waiting_.empty() && waiting_.begin()->first <= now) {
    users.push_back(*waiting_.begin()->second);
    users_.at(users.back()).is = progress::released;
    waiting_.erase(waiting_.begin());
  }
  return users;
}

bool incomplete_lists::begin(const std::string& user_id) {
  const auto user = users_.find(user_id);
  if (user == users_.end() || user->second.is != progress::released)
    return false;
  user->second.is = progress::begun;
  return true;
}

bool incomplete_lists::is_tried(const std::string& user_id) const {
  const auto user = users_.find(user_id);
  return user != users_.end() && user->second.is != progress::waiting;
}

} // namespace winnow
