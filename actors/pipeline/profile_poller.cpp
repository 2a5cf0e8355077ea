// Over 300 lines, as the way of one profile (read, compare, compute, retry) reads best in one place. What can
// be told without it has a file of its own: the queue is in pending_profiles, the sweeps are in
// profile_poller_sweeps.cpp, the stored lists in profile_poller_lists.cpp.

#include "actors/pipeline/profile_poller.hpp"

#include "actors/runtime/costly_work.hpp"
#include "actors/pipeline/profile_digest.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "actors/runtime/request_failure.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

// How long no profile is started after a failure that affects all users: the store is down, or the pipeline
// is full.
constexpr std::chrono::milliseconds retry_pause{200};

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

} // namespace

profile_poller_state::profile_poller_state(profile_poller_self::pointer owner)
    : self_(owner), watch_(std::make_shared<deadline_watch<profile_poller_self>>(owner)), pump_(owner),
      older_(
          watch_, [this] { pump_.raise(); }, [this](const profile_key& key) { erase_list(key, false); },
          [this](const profile_key& key) { share_.reading(key); },
          [this](const profile_key& key, bool stored) { acknowledge(key, stored); }),
      observed_(
          watch_,
          [this](const profile_key& key, std::shared_ptr<const profile> items) {
            observed(key, std::move(items));
          },
          [this](const profile_key& key) {
            if (finds() && !key.timestamp.empty())
              sweep_->want_older();
          },
          [this] {
            send_told();
            pump_.raise();
          }),
      refused_log_(log_refused), not_removed_log_(log_not_removed),
      refusals_(backoff(retry_pause, longest_pause)) {}

void profile_poller_state::start(poller_parts parts) {
  watch_->account_to(parts.record);
  parts_ = std::move(parts);
  role_ = parts_.role;
  sweep_.emplace(parts_.poller);
  self_->send(self_, sweep_atom_v);
}

void profile_poller_state::wire(const neighbours_ptr& neighbours) {
  const bool new_models = neighbours_ && neighbours_->models->version != neighbours->models->version;
  const bool new_rules =
      neighbours_ && plain_digest_of(neighbours_->rules) != plain_digest_of(neighbours->rules);
  const bool new_division =
      neighbours_ && division_of(neighbours_->trials) != division_of(neighbours->trials);
  const bool new_learner = neighbours_ && neighbours_->learner != neighbours->learner;
  neighbours_ = neighbours;
  if (new_learner) // it may have asked to be told again before it was known here
    retell();
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
  if (batch.lost)
    sweep_->announcements_lost(parts_.sweep_clock());
  if (role_ == fleet_role::leader)
    share(batch.changed, false);
  for (const auto& key : batch.changed) {
    if (!key.timestamp.empty())
      timestamps_.announced(key);
    if (role_ == fleet_role::leader)
      continue;
    if (pending_.changed(key))
      parts_.directory->record(key);
    else
      older_.add(key);
  }
  if (sweep_->is_overdue(parts_.sweep_clock()))
    begin_sweep();
  pump();
}

void profile_poller_state::stored(const std::vector<stored_list>& lists) {
  const activity handling(*parts_.record, "handling reports of stored lists");
  bool any = false;
  for (const auto& list : lists)
    any = pending_.stored(list.user_id, list.digest) || any;
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
  if (!neighbours_ || pausing_)
    return;
  queue_displaced();
  observed_.start(neighbours_, time_limit());
  if (room() > 0)
    if (const auto large = large_.next())
      read({*large}, 0);
  auto keys = pending_.take(room(), holding_sweep_);
  older_.start(room(), neighbours_, time_limit());
  if (!keys.empty())
    start(std::move(keys));
  else if (pending_.taken() == 0 && !sweep_->is_under_way() && !sweep_->is_behind())
    retelling_ = false;
  const auto waiting = pending_.waiting() + large_.waiting() + older_.waiting();
  parts_.health->waiting_profiles = waiting;
  parts_.meters->poller.pending(waiting);
}

/// Profiles that are no longer their user's newest still get their own result, if they have a timestamp.
void profile_poller_state::queue_displaced() {
  for (const auto& key : pending_.take_displaced()) {
    if (!key.timestamp.empty() && !is_shared(key)) {
      older_.add(key);
    } else {
      share_.reading(key);
      acknowledge(key, false);
    }
  }
}

void profile_poller_state::resume() {
  holding_sweep_ = false;
  pausing_ = draining_;
  pump();
}

void profile_poller_state::drain() {
  draining_ = pausing_ = true;
}

// ---- one profile ----

void profile_poller_state::start(std::vector<profile_key> keys) {
  parts_.meters->poller.seen(keys.size());
  read(std::move(keys), costly_work::costly_bytes);
}

/// @param most_bytes Profiles of more bytes are queued as large ones; 0: no limit.
void profile_poller_state::read(std::vector<profile_key> keys, std::size_t most_bytes) {
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : keys) {
    share_.reading(key);
    commands->emplace_back(read_profile{key, true, most_bytes});
  }
  const auto shared = std::make_shared<const std::vector<profile_key>>(std::move(keys));
  watch_->ask<store_replies>(
      neighbours_->background_gateway, time_limit(),
      [this, shared](const store_replies& replies) {
        for (std::size_t i = 0; i < shared->size(); ++i)
          consider((*shared)[i], (*replies)[i]);
        send_told();
        share_due();
        pump();
      },
      [this, shared](const caf::error& reason) {
        for (const auto& key : *shared)
          retry(key, unavailable("the store gateway", reason));
      },
      execute_atom_v, store_commands(std::move(commands)));
}

void profile_poller_state::consider(const profile_key& key, const store_reply& reply) {
  if (!reply)
    return unreadable(key, reply.error());
  if (reply->is_longer)
    return large_.add(key);
  if (!reply->value)
    return erase(key);
  const auto content = content_digest(*reply->value);
  const auto digest = digest_of(key.user_id, content);
  const bool seen = pending_.dealt_with(key, digest, true);
  const bool due = is_due(key, *reply, content);
  if (!due && seen && !retelling_)
    return unchanged(key, *reply);
  auto parsed = parse_profile(*reply->value);
  if (!parsed)
    return due ? refuse(key, digest, parsed.error()) : unchanged(key, *reply);
  const auto items = std::make_shared<const profile>(std::move(parsed->items));
  tell(key, items);
  if (due && is_shared(key)) {
    if (role_ == fleet_role::leader)
      return due_.push_back(key);
    return finish(key); // the leader finds it, too
  }
  if (due)
    return compute(key, {items, {content, fingerprint_of(*reply->value)}, parsed->left_out});
  pending_.deal_with(key, digest, false); // another process has dealt with it
  unchanged(key, *reply);
}

void profile_poller_state::tell(const profile_key& key, std::shared_ptr<const profile> items) {
  if (parts_.recent)
    parts_.recent->add(key.user_id, items);
  if (!neighbours_->learner)
    return;
  if (parts_.backlog->profiles + told_.size() >= learning_backlog::most)
    return parts_.meters->learner.skipped();
  told_.push_back({key.user_id, std::move(items)});
}

void profile_poller_state::send_told() {
  if (told_.empty())
    return;
  parts_.backlog->profiles += told_.size();
  self_->send(neighbours_->learner, changed_atom_v,
              std::make_shared<const changed_profiles>(std::exchange(told_, {})));
}

void profile_poller_state::retell() {
  retelling_ = true;
  sweep_->changes_missed();
  begin_sweep();
}

void profile_poller_state::unreadable(const profile_key& key, const error& reason) {
  const bool transient = reason.cause == fault::unavailable || reason.cause == fault::timeout ||
                         reason.cause == fault::overloaded;
  // An error from a connection that failed says nothing about the key.
  if (transient || !parts_.health->store_connected)
    return retry(key, reason);
  const auto digest = profile_digest(content_digest(reason.message), 0); // logged once, like invalid content
  if (pending_.dealt_with(key, digest, false)) {
    parts_.meters->poller.unchanged();
    return finish(key);
  }
  refuse(key, digest, reason);
}

void profile_poller_state::compute(const profile_key& key, read_history history) {
  const auto limit = time_limit();
  const auto digest = digest_of(key.user_id, history.source.digest);
  recommendation_request request{key.user_id, key.timestamp, std::move(history.items),
                                 steady_clock::now() + limit, urgency::background};
  request.left_out = history.left_out;
  request.source = std::move(history.source);
  watch_->ask<recommendation_reply>(
      neighbours_->recommender, limit * 2,
      [this, key, digest](const recommendation_reply& outcome) {
        computed(key, digest, *outcome);
        pump_.raise(); // lists are finished in batches, but each one arrives in its own message
      },
      [this, key](const caf::error& reason) { retry(key, unavailable("the recommender", reason)); },
      recommend_atom_v, std::make_shared<const recommendation_request>(std::move(request)));
}

void profile_poller_state::computed(const profile_key& key, std::uint64_t digest,
                                    const result<recommendation>& outcome) {
  if (!outcome) {
    const auto cause = outcome.error().cause;
    const bool denied = cause == fault::denied;
    if (cause == fault::conflict || cause == fault::unsupported ||
        (denied && refusals_.is_denied_alone(key.user_id)))
      return give_up(key, outcome.error());
    if (!pausing_ && (denied || parts_.health->store_refuses(store_need::storing)))
      refusals_.refused();
    return retry(key, outcome.error());
  }
  refusals_.stored(key.user_id);
  if (!outcome->stored) { // the profile changed or was removed meanwhile
    ended(key);
    return pending_.requeue(key);
  }
  pending_.deal_with(key, digest, false);
  parts_.meters->poller.changed();
  acknowledge(key, true);
  finish(key);
}

/// The content is no valid profile: logs it once, and ignores it until it changes.
void profile_poller_state::refuse(const profile_key& key, std::uint64_t digest, const error& reason) {
  pending_.deal_with(key, digest, true);
  give_up(key, reason);
}

/// This user's list cannot be computed now; the next sweep retries it. Other users are not affected.
void profile_poller_state::give_up(const profile_key& key, const error& reason) {
  parts_.meters->poller.failed(to_string(reason.cause));
  refused_log_.note(to_string(reason.cause), to_redis_key(key), reason.message);
  if (log_enabled(log_level::debug))
    log_event(log_level::debug, name, "profile without a list",
              {{"key", to_redis_key(key)}, {"reason", reason.message}});
  finish(key);
}

/// The failure is transient: re-queues the user and pauses the start of all profiles.
void profile_poller_state::retry(const profile_key& key, const error& reason) {
  parts_.meters->poller.retried(to_string(reason.cause));
  log_event(log_level::debug, name, "profile will be tried again",
            {{"key", to_redis_key(key)}, {"reason", reason.message}});
  ended(key);
  pending_.requeue(key);
  if (!pausing_) {
    pausing_ = true;
    self_->delayed_send(self_, std::max(retry_pause, refusals_.pause()), pump_atom_v);
  }
}

/// The profile no longer exists. If its key has a timestamp, the user may have an older one, which a sweep
/// finds.
void profile_poller_state::erase(const profile_key& key) {
  if (!key.timestamp.empty()) {
    erase_list(key, false); // the user's list may become that of an older profile
    sweep_->want_older();
    pending_.deal_with(key, 0, false);
    return finish(key);
  }
  ended(key);
  acknowledge(key, false);
  if (!pending_.erase(key))
    return;
  parts_.directory->record({key.user_id, {}});
  erase_list(key, true);
}

void profile_poller_state::finish(const profile_key& key) {
  ended(key);
  acknowledge(key, false); // unless that was done
  pending_.finish(key);
}

void profile_poller_state::ended(const profile_key& key) {
  parts_.record->handled();
  large_.done(key);
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
