#include "actors/poller/observed_changes.hpp"

#include "actors/runtime/cost_turns.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <vector>

namespace winnow {

namespace {

constexpr std::size_t most_waiting = 100'000;
constexpr std::size_t batch_size = 128;

} // namespace

bool observed_changes::add(const profile_key& key) {
  if (queue_.size() >= most_waiting)
    return false;
  queue_.push_back(key);
  return true;
}

void observed_changes::start(const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  if (in_flight_ || queue_.empty())
    return;
  in_flight_ = true;
  auto keys = std::make_shared<std::vector<profile_key>>();
  auto commands = std::make_shared<std::vector<store_command>>();
  while (!queue_.empty() && keys->size() < batch_size) {
    commands->emplace_back(read_profile{queue_.front(), false, cost_turns::costly_bytes});
    keys->push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  const auto ended = [this] {
    in_flight_ = false;
    done_();
  };
  watch_->ask<store_replies>(
      neighbours->background_gateway, limit,
      [this, keys, ended](const store_replies& replies) {
        for (std::size_t i = 0; i < keys->size(); ++i)
          consider((*keys)[i], (*replies)[i]);
        ended();
      },
      // The learner finds what it missed at the profile's next change.
      [ended](const caf::error&) { ended(); }, execute_atom_v, store_commands(std::move(commands)));
}

/// Large profiles are left out: the learner finds what is new in them when it computes their lists itself.
void observed_changes::consider(const profile_key& key, const store_reply& reply) {
  if (!reply || reply->is_longer)
    return;
  if (!reply->value)
    return gone_(key);
  if (auto parsed = parse_stored_profile(*reply->value))
    read_(key, std::make_shared<const profile>(std::move(parsed->items)));
}

} // namespace winnow
