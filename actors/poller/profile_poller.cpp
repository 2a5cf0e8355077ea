// The queue of changed profiles. The way of one of them is in profile_poller_profile.cpp, the sweeps are in
// profile_poller_sweeps.cpp, the stored lists in profile_poller_lists.cpp.

#include "actors/poller/profile_poller.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

// While computed lists cannot be stored, the pauses grow up to this, because each try is expensive.
constexpr std::chrono::milliseconds longest_pause{5000};

// No client waits for background work, so it gets this many times the deadline of a request.
constexpr int deadline_factor = 20;

// For `yielding_time` after a request over HTTP, background work is limited to 1 / yielding_share of what it
// may have in flight. Its batches are then short and delay HTTP clients less.
constexpr std::size_t yielding_share = 16;
constexpr std::chrono::milliseconds yielding_time{100};

/// One line for a bad profile; for a flood of them, a line a minute with one of the keys.
void log_refused(const flood_limit::report& some) {
  log_event(
      log_level::warning, profile_poller_state::name, "profile refused",
      {{"profiles", some.count}, {"cause", some.cause}, {"key", some.subject}, {"reason", some.reason}});
}

std::uint64_t division_of(const model_trials_ptr& trials) {
  return trials ? trials->division() : 0;
}

void log_not_removed(const flood_limit::report& some) {
  log_event(log_level::warning, profile_poller_state::name, "list of a removed profile not removed",
            {{"lists", some.count}, {"user", some.subject}, {"reason", some.reason}});
}

/// Two daemons that replace each other's lists at every sweep do so for ever.
void log_others_lists(const flood_limit::report& some) {
  log_event(log_level::warning, profile_poller_state::name,
            "lists that another daemon made of other models are replaced",
            {{"lists", some.count}, {"user", some.subject}, {"advice", some.reason}});
}

} // namespace

profile_poller_state::profile_poller_state(profile_poller_self::pointer owner)
    : self_(owner), watch_(std::make_shared<deadline_watch<profile_poller_self>>(owner)), pump_(owner),
      older_(watch_, events_of_older()), reconciliation_(watch_, tasks_of_reconciliation()),
      observed_(
          watch_,
          [this](const profile_key& key, std::shared_ptr<const profile> items) {
            observed(key, std::move(items));
          },
          [this](const profile_key& key) { newest_is_gone(key); },
          [this] {
            send_told();
            pump_.raise();
          }),
      refused_log_(log_refused), not_removed_log_(log_not_removed), others_lists_log_(log_others_lists),
      refusals_(backoff(retry_pause, longest_pause)) {}

void profile_poller_state::start(poller_parts parts) {
  watch_->account_to(parts.record);
  parts_ = std::move(parts);
  role_ = parts_.role;
  sweep_.emplace(parts_.poller);
  self_->send(self_, sweep_atom_v);
}

void profile_poller_state::wire(const neighbours_ptr& neighbours) {
  const bool is_first = !neighbours_;
  const bool new_models = neighbours_ && neighbours_->models->version != neighbours->models->version;
  const bool new_rules =
      neighbours_ && plain_digest_of(neighbours_->rules) != plain_digest_of(neighbours->rules);
  const bool new_division =
      neighbours_ && division_of(neighbours_->trials) != division_of(neighbours->trials);
  const bool new_learner = neighbours_ && neighbours_->learner != neighbours->learner;
  neighbours_ = neighbours;
  if (new_models || new_rules || new_division)
    others_since_.reset();
  if (new_learner) // it may have asked to be told again before it was known here
    retell();
  if (is_first || new_models) // the stored lists may be of other models than those of the start
    begin_relearning();
  end_relearning_if_learned();
  // A sweep recomputes every list that was not made of the version that its user has now, because no digest
  // matches. In a fleet it waits until all replicas know of the versions; their rules are not compared.
  if (((new_models || new_division) && role_ == fleet_role::alone) || (new_rules && finds()))
    sweep_->changes_missed();
  if (sweep_->is_overdue(parts_.sweep_clock()))
    begin_sweep();
  pump();
}

// ---- the queue ----

void profile_poller_state::changed(const change_batch& batch) {
  const activity queueing(*parts_.record, "queueing announced changes");
  if (!finds())
    return; // of the time before another replica took the lead
  if (sweep_->tracked(true, parts_.sweep_clock())) {
    parts_.meters->poller.tracking(true);
    announcement_log_.resumed();
  } else if (!batch.interrupted.empty()) {
    announcement_log_.interrupted(batch);
  }
  if (batch.lost) {
    sweep_->announcements_lost(parts_.sweep_clock());
    // The first loss is the beginning. In a fleet, nobody could tell which older profiles have changed.
    reconciling_is_due_ = reconciling_is_due_ || was_tracked_;
    older_may_differ_ = older_may_differ_ || (was_tracked_ && role_ == fleet_role::alone);
  }
  was_tracked_ = true;
  if (role_ == fleet_role::leader)
    share(batch.changed, false);
  for (const auto& key : batch.changed) {
    if (!key.timestamp.empty())
      timestamps_.announced(key);
    if (role_ == fleet_role::leader)
      continue;
    queue(key);
  }
  if (sweep_->is_overdue(parts_.sweep_clock()))
    begin_sweep();
  pump();
}

void profile_poller_state::stored(const std::vector<stored_list>& lists) {
  const activity handling(*parts_.record, "handling reports of stored lists");
  bool any = false;
  for (const auto& list : lists) {
    any = pending_.stored({list.user_id, list.timestamp}, list.digest) || any;
    if (list.lacks_stage)
      lacks_stage(list.user_id, list.digest);
    else if (list.digest != 0)
      has_all_stages(list.user_id);
  }
  if (any)
    pump_.raise();
}

void profile_poller_state::untracked(const std::string& reason) {
  if (!finds())
    return;
  // At the start, a store that is down is not to blame for it.
  if (sweep_->tracked(false, parts_.sweep_clock()) || parts_.health->store_connected)
    announcement_log_.stopped(reason);
  parts_.meters->poller.tracking(false);
}

/// The time for one profile, or for one page of a sweep.
std::chrono::milliseconds profile_poller_state::time_limit() const {
  return parts_.pipeline.deadline * deadline_factor;
}

/// Returns how many more profiles may be started now.
std::size_t profile_poller_state::room() const {
  std::size_t limit = parts_.pipeline.background_in_flight;
  if (steady_clock::now() - parts_.health->last_interactive.load() < yielding_time)
    limit = std::max<std::size_t>(limit / yielding_share, 1);
  limit = refusals_.limit(limit);
  const auto taken = pending_.taken() - large_.waiting() + older_.in_flight();
  return limit > taken ? limit - taken : 0;
}

void profile_poller_state::pump() {
  pump_.received();
  const activity pumping(*parts_.record, "starting profiles");
  send_finished();
  if (neighbours_)
    send_notes();
  if (!neighbours_ || pausing_)
    return;
  queue_displaced();
  observed_.start(neighbours_, time_limit());
  if (room() > 0)
    if (const auto large = large_.next())
      read({*large}, 0);
  auto keys = pending_.take(room(), holding_sweep_);
  older_.start(room(), neighbours_, time_limit());
  reconciliation_.go_on(neighbours_, time_limit());
  if (!keys.empty())
    start(std::move(keys));
  else if (pending_.taken() == 0 && !sweep_->is_under_way() && !sweep_->is_behind())
    all_told();
  const auto waiting = pending_.waiting() + large_.waiting() + older_.waiting();
  parts_.health->waiting_profiles = waiting;
  parts_.meters->poller.pending(waiting);
}

/// Queues a profile that has changed.
void profile_poller_state::queue(const profile_key& key) {
  if (pending_.changed(key))
    parts_.directory->announced(key); // clients may have written a newer one since
  else
    queue_older(key);
}

/// A profile that is not its user's newest still gets its own result, if it has a timestamp.
void profile_poller_state::queue_older(const profile_key& key) {
  if (!key.timestamp.empty() && !is_shared(key))
    return older_.add(key);
  share_.reading(key);
  acknowledge(key, false);
}

void profile_poller_state::queue_displaced() {
  for (const auto& key : pending_.take_displaced())
    queue_older(key);
}

void profile_poller_state::resume() {
  holding_sweep_ = false;
  pausing_ = draining_;
  pump();
}

void profile_poller_state::drain() {
  draining_ = pausing_ = true;
}

actor_status_ptr profile_poller_state::status() const {
  parts_.record->in_flight(pending_.taken() - large_.waiting());
  parts_.record->queue(pending_.waiting() + large_.waiting(), 0);
  return status_of(*parts_.record);
}

profile_poller_self::behavior_type
profile_poller(profile_poller_self::stateful_pointer<profile_poller_state> self, poller_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](wire_atom, const neighbours_ptr& neighbours) { self->state.wire(neighbours); },
          [self](changed_atom, const change_batch_ptr& batch) { self->state.changed(*batch); },
          [self](stored_atom, const stored_lists_ptr& lists) { self->state.stored(*lists); },
          [self](untracked_atom, const std::string& reason) { self->state.untracked(reason); },
          [self](role_atom, fleet_role role) { self->state.becomes(role); },
          [self](taken_atom, const fleet_entries_ptr& entries) { self->state.taken(*entries); },
          [self](seen_atom, const profile_keys_ptr& keys) { self->state.seen(*keys); },
          [self](sweep_atom) { self->state.sweep_if_due(); },
          [self](flush_atom) { self->state.pump(); },
          [self](pump_atom) { self->state.resume(); },
          [self](tick_atom) { self->state.tick(); },
          [self](relearn_atom) { self->state.retell(); },
          [self](drain_atom) { self->state.drain(); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
