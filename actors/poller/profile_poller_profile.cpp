// The way of one profile: it is read, compared with what is known of it, computed, and tried again.

#include "actors/pipeline/profile_digest.hpp"
#include "actors/poller/profile_poller.hpp"
#include "actors/runtime/cost_turns.hpp"
#include "actors/runtime/request_failure.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

void profile_poller_state::start(std::vector<profile_key> keys) {
  parts_.meters->poller.seen(keys.size());
  read(std::move(keys), cost_turns::costly_bytes);
}

/// @param most_bytes Profiles of more bytes are queued as large ones; 0: no limit.
void profile_poller_state::read(std::vector<profile_key> keys, std::size_t most_bytes) {
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : keys) {
    share_.reading(key);
    const bool asks_for_result = !key.timestamp.empty() && !pending_.has_result(key);
    commands->emplace_back(read_profile{key, true, most_bytes, asks_for_result});
  }
  const auto shared = std::make_shared<const std::vector<profile_key>>(std::move(keys));
  watch_->ask<store_replies>(
      neighbours_->background_gateway, time_limit(),
      [this, shared, begun = steady_clock::now()](const store_replies& replies) {
        const profile_reading reading{begun, steady_clock::now(), shared->size()};
        for (std::size_t i = 0; i < shared->size(); ++i)
          consider((*shared)[i], (*replies)[i], reading);
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

void profile_poller_state::consider(const profile_key& key, const store_reply& reply,
                                    const profile_reading& reading) {
  if (!reply)
    return unreadable(key, reply.error());
  if (reply->is_longer)
    return large_.add(key);
  if (!reply->value)
    return erase(key);
  records_kept_ = reply->records_kept;
  const auto content = content_digest(*reply->value);
  const auto digest = digest_of(key.user_id, content);
  const bool seen = pending_.was_read(key, digest);
  if (reply->result_exists == true)
    pending_.note_result(key);
  const bool due = is_due(key, *reply, content) || lacks_result(key, *reply, digest);
  if (!due && pending_.has_result(key)) {
    if (timestamps_.is_due(key)) // a request has computed it
      note_computed(key, content);
    else
      note_stored(key, content);
  }
  if (!due && seen && !retelling_)
    return unchanged(key, *reply);
  auto parsed = parse_stored_profile(*reply->value);
  if (!parsed) {
    note_refused(key, content);
    return due ? refuse(key, digest, parsed.error()) : unchanged(key, *reply);
  }
  const auto items = std::make_shared<const profile>(std::move(parsed->items));
  tell(key, items);
  if (due && waits_for_learner(key, *reply, content))
    return finish(key);
  if (due && is_shared(key)) {
    if (role_ == fleet_role::leader)
      return due_.push_back(key);
    if (!incomplete_.is_tried(key.user_id))
      return finish(key); // the leader finds it, too
  }
  if (due)
    return compute(key, {items, {content, fingerprint_of(*reply->value)}, parsed->left_out, reading});
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
  const auto content = history.source.digest;
  recommendation_request request{key.user_id, key.timestamp, std::move(history.items),
                                 steady_clock::now() + limit, urgency::background};
  request.left_out = history.left_out;
  request.source = std::move(history.source);
  request.reading = history.reading;
  watch_->ask<recommendation_reply>(
      neighbours_->recommender, limit * 2,
      [this, key, content, digest = digest_of(key.user_id, content)](const recommendation_reply& outcome) {
        computed(key, content, digest, *outcome);
        pump_.raise(); // lists are finished in batches, but each one arrives in its own message
      },
      [this, key](const caf::error& reason) { retry(key, unavailable("the recommender", reason)); },
      recommend_atom_v, std::make_shared<const recommendation_request>(std::move(request)));
}

/// @param content The digest of the profile. @param digest Of all that its list depends on.
void profile_poller_state::computed(const profile_key& key, std::uint64_t content, std::uint64_t digest,
                                    const result<recommendation>& outcome) {
  if (!outcome) {
    if (is_worth_a_retry(key, outcome.error()))
      return retry(key, outcome.error());
    if (incomplete_.is_tried(key.user_id)) // the stored list still lacks a stage
      lacks_stage(key.user_id, digest);
    return give_up(key, outcome.error());
  }
  refusals_.stored(key.user_id);
  if (!outcome->stored) { // the profile changed or was removed meanwhile
    ended(key);
    return pending_.requeue(key);
  }
  pending_.deal_with(key, digest, false);
  if (outcome->degraded.empty())
    has_all_stages(key.user_id);
  else
    lacks_stage(key.user_id, digest);
  pending_.note_result(key);
  note_computed(key, content);
  parts_.meters->poller.changed();
  acknowledge(key, true);
  finish(key);
}

/// The content is no valid profile: logs it once, and ignores it until it changes.
void profile_poller_state::refuse(const profile_key& key, std::uint64_t digest, const error& reason) {
  pending_.deal_with(key, digest, true);
  incomplete_.forget(key.user_id);
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

/// Whether a list that could not be computed or stored is to be tried again soon. If the store refuses those
/// of all users, the pauses grow.
bool profile_poller_state::is_worth_a_retry(const profile_key& key, const error& reason) {
  const bool denied = reason.cause == fault::denied;
  if (reason.cause == fault::conflict || reason.cause == fault::unsupported ||
      (denied && refusals_.is_denied_alone(key.user_id)))
    return false;
  if (!pausing_ && (denied || parts_.health->store_refuses(store_need::storing)))
    refusals_.refused();
  return true;
}

/// The failure is transient: re-queues the user and pauses the start of all profiles.
void profile_poller_state::retry(const profile_key& key, const error& reason) {
  parts_.meters->poller.retried(to_string(reason.cause));
  log_event(log_level::debug, name, "profile will be tried again",
            {{"key", to_redis_key(key)}, {"reason", reason.message}});
  ended(key);
  pending_.requeue(key);
  pause();
}

/// Starts no profile for a while.
void profile_poller_state::pause() {
  if (std::exchange(pausing_, true))
    return;
  self_->delayed_send(self_, std::max(retry_pause, refusals_.pause()), pump_atom_v);
}

/// The profile no longer exists. If its key has a timestamp, the user may have an older one, which a sweep
/// finds: that of the leader, in a fleet.
void profile_poller_state::erase(const profile_key& key) {
  incomplete_.forget(key.user_id);
  if (!key.timestamp.empty()) {
    erase_list(key, false); // the user's list may become that of an older profile
    pending_.forget_result(key);
    timestamps_.forget(key);
  }
  if (!key.timestamp.empty() && finds()) {
    sweep_->want_older();
    pending_.deal_with(key, 0, false);
    return finish(key);
  }
  ended(key);
  acknowledge(key, false);
  if (!pending_.erase(key))
    return;
  parts_.directory->gone(key);
  if (key.timestamp.empty())
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

} // namespace winnow
