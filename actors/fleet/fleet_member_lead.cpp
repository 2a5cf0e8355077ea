#include "actors/fleet/fleet_member.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What the leader shares with the other replicas.

namespace winnow {

namespace {

// Keys that may wait in the stream, for which the store has the memory. The leader holds back what is beyond.
constexpr std::uint64_t most_waiting = 50'000;

// Changes of one pipeline to the store.
constexpr std::size_t batch_size = 500;

// From here on the poller's sweep pauses. What is announced is kept in any case.
constexpr std::size_t enough_in_outbox = 2'000;

} // namespace

bool fleet_member_state::enqueue(const std::vector<profile_key>& keys) {
  for (const auto& key : keys) {
    auto text = to_redis_key(key);
    if (in_outbox_.insert(text).second)
      outbox_.push_back(std::move(text));
  }
  flush_.raise();
  return outbox_.size() < enough_in_outbox;
}

void fleet_member_state::flush() {
  flush_.received();
  const activity sharing(*parts_.record, "sharing changes");
  while (role_ == fleet_role::leader && !outbox_.empty()) {
    const auto size = std::min(outbox_.size(), batch_size);
    const std::vector<std::string> keys(outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(size));
    const auto outcome = channel_->enqueue(fence_, keys, most_waiting);
    if (!outcome)
      return note_failure(outcome.error());
    if (outcome->refused) {
      parts_.meters->fleet.fenced();
      return becomes(fleet_role::follower, 0);
    }
    parts_.meters->fleet.enqueued(outcome->added);
    for (std::uint64_t i = 0; i < outcome->done; ++i) {
      in_outbox_.erase(outbox_.front());
      outbox_.pop_front();
    }
    if (outcome->done < size)
      return; // the stream is full; the next look at the fleet goes on
  }
}

void fleet_member_state::trim() {
  const auto now = parts_.clock();
  if (role_ != fleet_role::leader || now - trimmed_ < parts_.times.keep / 10)
    return;
  trimmed_ = now;
  if (const auto trimmed = channel_->trim(fence_, parts_.times.keep); !trimmed)
    note_failure(trimmed.error());
}

} // namespace winnow
