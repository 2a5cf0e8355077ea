// The fleet as this replica sees it, and its role. What the leader shares is in fleet_member_lead.cpp, what
// is taken from the stream in fleet_member_stream.cpp, what one replica is told in fleet_member_told.cpp.

#include "actors/fleet/fleet_member.hpp"

#include "actors/fleet/replica_address.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"
#include "config/version.hpp"
#include "models/model_set.hpp"
#include "models/rules/shop_rules.hpp"
#include "models/trials/served_version.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <utility>

namespace winnow {

namespace {

/// Replicas whose settings ask for other widths than the models' own compute other lists: to the fleet, these
/// are other models. Empty if they are the models' own.
std::string other_widths(const cascade_settings& asked, const cascade_widths& own) {
  const auto widths = widths_for(asked, own);
  if (widths == own)
    return {};
  return "-" + std::to_string(widths.candidates) + "-" + std::to_string(widths.din_keep) + "-" +
         std::to_string(widths.ranknet_keep);
}

std::string hex(std::uint64_t number) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016" PRIx64, number);
  return text.data();
}

} // namespace

fleet_member_state::fleet_member_state(fleet_member_self::pointer owner)
    : self_(owner), flush_(owner), failures_([this](const flood_limit::report& some) {
        reported_ = true;
        log_event(log_level::warning, name, "the store does not serve the fleet",
                  {{"failures", some.count}, {"reason", some.reason}});
      }) {}

void fleet_member_state::start(fleet_parts parts) {
  parts_ = std::move(parts);
  is_first_look_ = parts_.board->state() == nullptr;
  parts_.times.beat = std::min(parts_.times.beat, parts_.options.fleet.claim_after / 4);
  channel_ = parts_.access ? parts_.access()
                           : std::make_unique<fleet_channel>(parts_.options.store, parts_.board->name(),
                                                             parts_.board->replica());
}

/// Begins with the first neighbours, as only then the models and the poller are known.
void fleet_member_state::wire(const neighbours_ptr& neighbours) {
  const bool first = !neighbours_;
  const bool other_poller = first || neighbours_->poller != neighbours->poller;
  neighbours_ = neighbours;
  rules_ = neighbours->rules ? neighbours->rules->digest : std::string();
  const auto version = version_served(neighbours->models->version, neighbours->trials) +
                       other_widths(parts_.options.cascade, neighbours->models->widths);
  if (models_ != version) {
    loaded_newest_ = !models_.empty();
    models_ = version;
    if (!first)
      beat();
  }
  if (other_poller) {
    in_hand_.clear(); // if an earlier poller had any, they are claimed
    tell_role();
  }
  if (first)
    self_->send(self_, tick_atom_v);
}

// ---- the fleet ----

void fleet_member_state::tick() {
  beat();
  self_->delayed_send(self_, parts_.times.beat, tick_atom_v);
}

fleet_report fleet_member_state::report() const {
  fleet_report made;
  made.id = parts_.board->replica();
  made.rest_address = replica_rest_address(parts_.options.http, parts_.board->rest_port);
  made.admin_address = replica_admin_address(parts_.options.admin, parts_.board->admin_port);
  made.program = version();
  made.models = models_;
  made.rules = rules_;
  if (const auto learned = parts_.board->learned.load(); learned != 0)
    made.learned = hex(learned);
  made.in_hand = in_hand_.size();
  made.computed = computed_;
  made.claimed = claims_;
  made.computed_twice = computed_twice_;
  return made;
}

void fleet_member_state::beat() {
  const activity looking(*parts_.record, "looking at the fleet");
  const bool was_well = !std::exchange(failed_, false);
  fleet_channel::part part;
  part.lease = parts_.times.lease;
  part.would_lead = !draining_;
  part.loaded_newest_models = loaded_newest_;
  auto state = channel_->beat(report(), part);
  if (!state)
    return unseen(state.error());
  loaded_newest_ = false;
  tell_waiting();
  hear(*state);
  saw(std::move(*state));
  if (!unacknowledged_.empty())
    acknowledge(std::exchange(unacknowledged_, {}), false);
  renew();
  claim();
  trim();
  flush();
  observe(parts_.board->state()->delivered);
  take_more();
  judge(was_well && !failed_);
}

void fleet_member_state::saw(fleet_state state) {
  const auto now = parts_.clock();
  const bool first = observed_.empty();
  if (first)
    observed_ = state.delivered;
  else if (now - seen_ > parts_.times.keep / 2)
    self_->send(neighbours_->poller, relearn_atom_v); // entries may have been removed unseen
  seen_ = now;
  parts_.board->confirm();
  note_version(state.in_force);
  const bool outdated = state.in_force != models_;
  becomes(outdated          ? fleet_role::outdated
          : state.fence > 0 ? fleet_role::leader
                            : fleet_role::follower,
          state.fence);
  if (state.stream_is_new && !first) {
    in_hand_.clear(); // with the stream, the entries are gone
    observed_ = "0-0";
    tell_role();
  }
  if (sweep_again_ && now >= *sweep_again_) {
    sweep_again_.reset();
    tell_role();
  }
  parts_.meters->fleet.saw(state, role_);
  parts_.meters->fleet.in_hand(in_hand_.size());
  parts_.board->show(std::move(state));
}

/// A sweep finds the lists of other versions, but only once no replica computes such lists any more: each has
/// heard of the new version, or counts as dead.
void fleet_member_state::note_version(const std::string& in_force) {
  const auto before = std::exchange(in_force_, in_force);
  if (before == in_force || before.empty())
    return;
  log_event(log_level::info, name, "other models are in force", {{"version", in_force}, {"own", models_}});
  sweep_again_ = parts_.clock() + parts_.times.lease + parts_.times.beat;
}

void fleet_member_state::unseen(const error& reason) {
  note_failure(reason);
  parts_.meters->fleet.connected(false);
  if (role_ == fleet_role::leader && parts_.clock() - seen_ > parts_.times.lease)
    becomes(fleet_role::follower, 0);
  judge(false);
}

void fleet_member_state::becomes(fleet_role role, std::uint64_t fence) {
  if (role == role_ && fence == fence_)
    return;
  log_event(log_level::info, name, "role in the fleet",
            {{"fleet", parts_.board->name()}, {"role", to_string(role)}, {"fence", fence}});
  if (role != fleet_role::leader) {
    outbox_.clear();
    in_outbox_.clear();
  }
  if (role == fleet_role::outdated)
    in_hand_.clear(); // replicas with the models in force claim them
  role_ = role;
  fence_ = fence;
  parts_.board->becomes(role);
  tell_role();
}

void fleet_member_state::tell_role() {
  if (neighbours_)
    self_->send(neighbours_->poller, role_atom_v, role_);
}

void fleet_member_state::leave() {
  const activity leaving(*parts_.record, "leaving the fleet");
  if (channel_ && neighbours_)
    if (const auto left = channel_->leave(); !left)
      log_event(log_level::debug, name, "left without a word", {{"reason", left.error().message}});
}

// ---- what the store does for it ----

void fleet_member_state::note_failure(const error& reason) {
  parts_.meters->fleet.failed();
  failed_ = true;
  problem_ = public_text(reason);
  if (!failing_since_)
    failing_since_ = parts_.clock();
  // Messages begin with the command, of which there are few.
  const auto command = std::string_view(reason.message).substr(0, reason.message.find(':'));
  failures_.note(command, parts_.board->name(), reason.message);
}

/// Says how the store has served the fleet since the last look at it.
/// @param all_well Neither this look nor anything since the one before has failed.
void fleet_member_state::judge(bool all_well) {
  failures_.report_due();
  if (all_well) {
    failing_since_.reset();
    if (std::exchange(reported_, false))
      log_event(log_level::info, name, "the fleet is seen again");
  }
  const bool lasts = failing_since_ && parts_.clock() - *failing_since_ > parts_.times.lease;
  parts_.health->fleet_trouble(lasts ? problem_ : std::string());
}

actor_status_ptr fleet_member_state::status() const {
  parts_.record->in_flight(in_hand_.size());
  parts_.record->queue(outbox_.size(), 0);
  return status_of(*parts_.record);
}

fleet_member_self::behavior_type fleet_member(fleet_member_self::stateful_pointer<fleet_member_state> self,
                                              fleet_parts parts) {
  self->set_exception_handler(crash_reason);
  self->set_exit_handler([self](caf::exit_msg& told) {
    if (told.reason == caf::exit_reason::user_shutdown)
      self->state.leave();
    self->quit(std::move(told.reason));
  });
  self->state.start(std::move(parts));
  return {[self](wire_atom, const neighbours_ptr& neighbours) { self->state.wire(neighbours); },
          [self](enqueue_atom, const profile_keys_ptr& keys) { return self->state.enqueue(*keys); },
          [self](done_atom, const finished_entries_ptr& finished) { self->state.done(*finished); },
          [self](update_atom, const told_items_ptr& told) { self->state.tell(*told); },
          [self](forget_atom, const std::string& user_id) { return self->state.erase(user_id); },
          [self](drain_atom) { self->state.drain(); },
          [self](tick_atom) { self->state.tick(); },
          [self](flush_atom) { self->state.flush(); },
          [self](arrived_atom) { self->state.arrived(); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
