#pragma once

#include "actors/kafka/event_history.hpp"
#include "redis/profile_store.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: adds events to the histories of their users, in two pipelines: one reads, one
/// writes.
class event_batch {
public:
  using place = std::size_t; ///< Of an event in the batch.

  /// @param most Events that a history keeps.
  explicit event_batch(std::size_t most) : most_(most) {}

  /// @param key The profile to which the event is added.
  place add(const profile_key& key, const event_message& event);

  /// Reads, adds and writes. Fails if the store is away or cannot serve: then some histories may have been
  /// written, and all events may be added again.
  result<void> store(profile_store& store);

  /// What became of an event after `store`: `stored`, `known` or `too_old`; or an error if the store refuses
  /// what belongs to this user.
  const result<std::string_view>& outcome(place of) const { return outcomes_[of]; }

private:
  /// The events of one user.
  struct user {
    profile_key key;
    std::vector<place> events;
    bool refused = false;
  };

  result<void> read(profile_store& store);
  result<void> write(profile_store& store);
  result<void> judge(user& whose, const store_reply& reply);
  void add_events(user& whose, const store_value& profile, const store_value& record);

  std::size_t most_;
  std::vector<event_message> events_;
  std::vector<result<std::string_view>> outcomes_;
  std::vector<user> users_;
  std::map<std::string, std::size_t, std::less<>> index_; ///< Of users, by id.
  std::vector<store_command> writes_;
  std::vector<user*> writers_; ///< One a write.
};

/// Whether a store's error concerns one value alone, so that the same command fails again while others do
/// not.
bool is_refusal_of_one(fault cause);

} // namespace winnow
