#include "actors/kafka/event_batch.hpp"

#include <utility>

namespace winnow {

bool is_refusal_of_one(fault cause) {
  return cause == fault::too_large || cause == fault::conflict || cause == fault::malformed ||
         cause == fault::invalid_argument;
}

event_batch::place event_batch::add(const profile_key& key, const event_message& event) {
  const auto [found, is_new] = index_.try_emplace(event.user_id, users_.size());
  if (is_new)
    users_.push_back({key, {}});
  users_[found->second].events.push_back(events_.size());
  events_.push_back(event);
  outcomes_.emplace_back(std::string_view());
  return events_.size() - 1;
}

result<void> event_batch::store(profile_store& store) {
  if (auto done = read(store); !done)
    return done;
  return write(store);
}

result<void> event_batch::read(profile_store& store) {
  std::vector<store_command> reads;
  for (const auto& one : users_) {
    reads.emplace_back(read_profile{one.key});
    reads.emplace_back(read_events{one.key.user_id});
  }
  const auto replies = store.execute(reads);
  for (std::size_t i = 0; i < users_.size(); ++i) {
    const auto& profile = replies[2 * i];
    const auto& record = replies[2 * i + 1];
    for (const auto* reply : {&profile, &record})
      if (auto judged = judge(users_[i], *reply); !judged)
        return judged;
    if (!users_[i].refused)
      add_events(users_[i], *profile, *record);
  }
  return {};
}

/// Fails if the store cannot serve; refuses the user's events if only their own keys are the problem.
result<void> event_batch::judge(user& whose, const store_reply& reply) {
  if (reply)
    return {};
  if (!is_refusal_of_one(reply.error().cause))
    return tl::unexpected<error>(reply.error());
  whose.refused = true;
  for (const auto event : whose.events)
    outcomes_[event] = tl::unexpected<error>(reply.error());
  return {};
}

void event_batch::add_events(user& whose, const store_value& profile, const store_value& record) {
  event_history history(profile.value, record.value, most_);
  bool added = false;
  for (const auto event : whose.events) {
    const auto outcome = history.add(events_[event]);
    added = added || outcome == event_history::outcome::added;
    outcomes_[event] = outcome == event_history::outcome::added   ? "stored"
                       : outcome == event_history::outcome::known ? "known"
                                                                  : "too_old";
  }
  if (!added && !history.is_changed())
    return;
  auto texts = history.stored();
  writes_.emplace_back(write_events{whose.key.user_id, std::move(texts.record)});
  writes_.emplace_back(write_profile{whose.key, std::move(texts.profile)});
  writers_.insert(writers_.end(), 2, &whose);
}

result<void> event_batch::write(profile_store& store) {
  if (writes_.empty())
    return {};
  const auto replies = store.execute(writes_);
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (auto judged = judge(*writers_[i], replies[i]); !judged)
      return judged;
  return {};
}

} // namespace winnow
