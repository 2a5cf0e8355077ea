#include "actors/fleet/fleet_member.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <charconv>
#include <utility>

// What the member takes from the fleet's stream, and sees others take.

namespace winnow {

namespace {

using std::chrono::milliseconds;

// How long the store waits for an entry before it says that there is none.
constexpr milliseconds patience{1000};

// Entries that are observed at once.
constexpr std::size_t observed_at_once = 1000;

/// The two numbers of an entry's id.
std::pair<std::uint64_t, std::uint64_t> numbers_of(const std::string& id) {
  std::pair<std::uint64_t, std::uint64_t> numbers{0, 0};
  const char* const end = id.data() + id.size();
  const auto first = std::from_chars(id.data(), end, numbers.first);
  if (first.ptr != end)
    std::from_chars(first.ptr + 1, end, numbers.second);
  return numbers;
}

bool is_before(const std::string& a, const std::string& b) {
  return numbers_of(a) < numbers_of(b);
}

} // namespace

bool fleet_member_state::may_take() const {
  return !draining_ && (role_ == fleet_role::leader || role_ == fleet_role::follower) &&
         parts_.clock() - seen_ <= parts_.times.lease;
}

/// Half as much again as the poller works on, so that it always has the next ones.
std::size_t fleet_member_state::most_in_hand() const {
  constexpr std::size_t yielding_share = 16; // as the poller's, while requests arrive
  auto limit = parts_.options.pipeline.background_in_flight;
  if (parts_.clock() - parts_.health->last_interactive.load() < milliseconds(100))
    limit = limit / yielding_share;
  return std::max<std::size_t>(limit + limit / 2, 2);
}

void fleet_member_state::take_more() {
  const auto most = most_in_hand();
  if (!may_take() || channel_->awaited() || (in_hand_.size() * 4 > most * 3))
    return;
  if (const auto asked = channel_->ask(most - in_hand_.size(), patience); !asked)
    return note_failure(asked.error());
  const auto answer = channel_->awaited();
  if (!answer)
    return;
  if (!waiter_)
    waiter_ = std::make_unique<socket_waiter>([address = caf::actor_cast<caf::actor_addr>(self_)] {
      if (const auto member = caf::actor_cast<caf::strong_actor_ptr>(address))
        caf::anon_send(caf::actor_cast<fleet_member_self>(member), arrived_atom_v);
    });
  waiter_->wait_for(*answer);
}

void fleet_member_state::arrived() {
  const activity taking(*parts_.record, "taking changes");
  auto entries = channel_->arrived();
  if (!entries)
    return note_failure(entries.error()); // the next look at the fleet asks again
  parts_.meters->fleet.taken(entries->size());
  if (may_take()) // otherwise they are claimed by other replicas
    take(std::move(*entries));
  if (const auto more = channel_->awaited())
    waiter_->wait_for(*more);
  else
    take_more();
}

/// Passes entries to the poller. Of several profiles of one user only the newest counts, so that the poller
/// must first know of all changes before these.
void fleet_member_state::take(std::vector<fleet_entry> entries) {
  std::vector<fleet_entry> fresh;
  std::vector<std::string> foreign;
  bool timestamped = false;
  for (auto& entry : entries) {
    const auto key = parse_profile_key(entry.key);
    if (!key) {
      foreign.push_back(entry.id);
      continue;
    }
    if (const auto [known, is_new] = in_hand_.emplace(entry.id, true); !is_new) {
      known->second = true; // taken back from a replica that had taken it over
      continue;
    }
    timestamped = timestamped || !key->timestamp.empty();
    if (is_before(observed_, entry.id))
      taken_unseen_.insert(entry.id);
    fresh.push_back(std::move(entry));
  }
  if (!foreign.empty())
    acknowledge(foreign, false);
  if (fresh.empty())
    return;
  if (timestamped)
    observe(std::max_element(fresh.begin(), fresh.end(), [](const fleet_entry& a, const fleet_entry& b) {
              return is_before(a.id, b.id);
            })->id);
  parts_.record->handled(fresh.size());
  self_->send(neighbours_->poller, taken_atom_v,
              std::make_shared<const std::vector<fleet_entry>>(std::move(fresh)));
}

void fleet_member_state::renew() {
  const auto now = parts_.clock();
  if (in_hand_.empty() || now - renewed_ < parts_.options.fleet.claim_after / 5)
    return;
  renewed_ = now;
  std::vector<std::string> own;
  for (const auto& [id, is_own] : in_hand_)
    if (is_own)
      own.push_back(id);
  const auto lost = channel_->renew(own);
  if (!lost)
    return note_failure(lost.error());
  for (const auto& id : *lost)
    in_hand_[id] = false;
  parts_.meters->fleet.lost(lost->size());
}

void fleet_member_state::claim() {
  const auto now = parts_.clock();
  const auto most = most_in_hand();
  if (!may_take() || in_hand_.size() >= most || now - claimed_ < parts_.options.fleet.claim_after / 5)
    return;
  claimed_ = now;
  auto entries = channel_->claim(parts_.options.fleet.claim_after, most - in_hand_.size());
  if (!entries)
    return note_failure(entries.error());
  claims_ += entries->size();
  parts_.meters->fleet.claimed(entries->size());
  take(std::move(*entries));
}

void fleet_member_state::done(const finished_entries& finished) {
  const activity acknowledging(*parts_.record, "acknowledging changes");
  acknowledge(finished.computed, true);
  acknowledge(finished.unchanged, false);
  take_more();
}

/// What was acknowledged already was finished by another replica, too.
void fleet_member_state::acknowledge(const std::vector<std::string>& ids, bool computed) {
  if (ids.empty())
    return;
  std::size_t known = 0; // others were in a stream that is gone
  for (const auto& id : ids)
    known += in_hand_.erase(id);
  const auto acknowledged = channel_->acknowledge(ids);
  if (!acknowledged) {
    unacknowledged_.insert(unacknowledged_.end(), ids.begin(), ids.end());
    return note_failure(acknowledged.error());
  }
  if (!computed)
    return;
  computed_ += ids.size();
  const auto twice = known > *acknowledged ? known - *acknowledged : 0;
  computed_twice_ += twice;
  parts_.meters->fleet.computed_twice(twice);
}

/// Tells the poller of the changes that other replicas have taken.
void fleet_member_state::observe(const std::string& up_to) {
  while (is_before(observed_, up_to)) {
    const auto seen = channel_->observe(observed_, up_to, observed_at_once);
    if (!seen)
      return note_failure(seen.error());
    observed_ = seen->entries.size() < observed_at_once ? up_to : seen->last;
    std::vector<profile_key> keys;
    for (const auto& entry : seen->entries)
      if (taken_unseen_.erase(entry.id) == 0)
        if (auto key = parse_profile_key(entry.key))
          keys.push_back(std::move(*key));
    if (!keys.empty())
      self_->send(neighbours_->poller, seen_atom_v,
                  std::make_shared<const std::vector<profile_key>>(std::move(keys)));
  }
}

} // namespace winnow
