#include "actors/pipeline/profile_digest.hpp"
#include "actors/poller/profile_poller.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <chrono>
#include <utility>

// What the poller does about stored lists: whether one is due, renewing and removing them.

namespace winnow {

namespace {

// Lists that lack a stage wait while more profiles than this do.
constexpr std::size_t most_waiting = 1000;

// How long the replicas of a fleet may compute different lists until all know of the same models and rules.
constexpr std::chrono::seconds agreement_time{10};

} // namespace

/// Whether a profile with a timestamp has no result of its own yet, although its content may be that of the
/// user's list.
bool profile_poller_state::lacks_result(const profile_key& key, const store_value& found,
                                        std::uint64_t digest) const {
  const bool refused = pending_.dealt_with(key, digest, false);
  return found.result_exists == false && !refused;
}

/// Whether the user's list must be computed: nobody has done it, or it is not what was stored.
bool profile_poller_state::is_due(const profile_key& key, const store_value& found, std::uint64_t content) {
  const auto digest = digest_of(key.user_id, content);
  if (!found.records_kept || !found.list_exists || pending_.dealt_with(key, digest, false))
    return !pending_.dealt_with(key, digest, found.list_exists);
  const bool known = pending_.dealt_with(key, digest, true);
  const auto list = content_digest(found.list->json);
  const auto made_as = [&](bool degraded) {
    return found.list->record == list_record{content, basis_of(key.user_id, degraded), list};
  };
  if (made_as(false)) {
    if (incomplete_.forget(key.user_id)) // somebody has computed it meanwhile
      has_all_stages(key.user_id);
    return false;
  }
  if (made_as(true)) {
    if (share_.has(key) || incomplete_.begin(key.user_id))
      return true;
    if (finds() || incomplete_.has(key.user_id))
      lacks_stage(key.user_id, digest);
    return false;
  }
  if (known) {
    parts_.meters->poller.repaired();
    if (found.list->record && found.list->record->list == list && found.list->record->profile == content &&
        is_of_outsiders())
      others_lists_log_.note({}, key.user_id,
                             "give all daemons of this store the same models, rules and --fleet");
    log_event(log_level::debug, name, "list differs from what was stored", {{"key", to_redis_key(key)}});
  }
  return true;
}

/// Whether a list of other models or rules was made outside of the fleet. Replicas that get new ones become
/// outdated within that time, or have been told of them.
bool profile_poller_state::is_of_outsiders() {
  if (role_ == fleet_role::alone)
    return true;
  const auto now = parts_.sweep_clock();
  const auto last_seen = std::exchange(others_seen_, now);
  if (!others_since_ || now - last_seen > 2 * parts_.poller.sweep_interval) // those before were others
    others_since_ = now;
  return now - *others_since_ >= agreement_time;
}

/// A digest of what a user's list depends on besides the profile.
std::uint64_t profile_poller_state::basis_of(const std::string& user_id, bool degraded) const {
  const auto& models = *models_of_user(neighbours_->models, neighbours_->trials, user_id);
  return list_basis(models.version, widths_for(parts_.cascade, models.widths), degraded,
                    plain_digest_of(neighbours_->rules));
}

/// A digest of all that a user's list depends on.
std::uint64_t profile_poller_state::digest_of(const std::string& user_id, std::uint64_t content) const {
  return profile_digest(content, basis_of(user_id, false));
}

void profile_poller_state::unchanged(const profile_key& key, const store_value& found) {
  parts_.meters->poller.unchanged();
  if (found.list && found.list->ends_soon)
    renew(key);
  finish(key);
}

/// Notes that the user's list is to be computed again when all stages answer. In a fleet, each replica does
/// so for the lists that it stored, and the leader for all that its sweep finds by their records.
void profile_poller_state::lacks_stage(const std::string& user_id, std::uint64_t digest) {
  if (role_ != fleet_role::outdated)
    incomplete_.lacks_stage(user_id, digest, parts_.sweep_clock());
}

/// A list was made by all stages: lists that lack one may be computed again.
void profile_poller_state::has_all_stages(const std::string& user_id) {
  incomplete_.forget(user_id);
  if (may_compute_again())
    compute_again(incomplete_.stages_answer(parts_.sweep_clock()));
}

bool profile_poller_state::may_compute_again() const {
  return role_ != fleet_role::outdated && neighbours_ && !draining_ && !incomplete_.empty() &&
         pending_.waiting() < most_waiting;
}

void profile_poller_state::compute_again(const std::vector<std::string>& users) {
  for (const auto& user : users)
    if (!pending_.compute_again(user))
      incomplete_.forget(user);
  if (!users.empty())
    pump_.raise();
}

/// Tries one list that lacks a stage, because others may not show for long that all stages answer.
void profile_poller_state::probe_incomplete() {
  parts_.meters->poller.incomplete(incomplete_.size());
  if (may_compute_again())
    compute_again(incomplete_.probe(parts_.sweep_clock()));
}

/// Removes what was computed from a profile that no longer exists.
void profile_poller_state::erase_list(const profile_key& of, bool newest) {
  if (parts_.poller.keep_lists)
    return;
  tell_store({winnow::erase_list{of, newest, role_ != fleet_role::alone}},
             [this, of](std::string_view cause, const std::string& reason) {
               not_removed_log_.note(cause, of.user_id, reason);
             });
}

/// Removes the results of profiles that are gone, and the lists of users without a profile, unless they have
/// one by now.
void profile_poller_state::remove_lists_of(const std::vector<profile_key>& gone) {
  std::vector<store_command> commands;
  commands.reserve(gone.size());
  for (const auto& key : gone)
    commands.emplace_back(winnow::erase_list{key, key.timestamp.empty(), true});
  log_event(log_level::debug, name, "removing lists without a profile",
            {{"lists", gone.size()}, {"user", gone.front().user_id}});
  tell_store(std::move(commands), [this](std::string_view cause, const std::string& reason) {
    not_removed_log_.note(cause, {}, reason);
  });
}

/// Postpones the end of an unchanged list, and of the result of the same profile. If that fails, they end,
/// and a sweep computes them again.
void profile_poller_state::renew(const profile_key& key) {
  tell_store({renew_list{key.user_id, key.timestamp}},
             [user = key.user_id](std::string_view, const std::string& reason) {
               log_event(log_level::debug, name, "list not renewed", {{"user", user}, {"reason", reason}});
             });
}

/// Removes profiles, and their results, which only older clients may still want: page by page, until none is
/// left.
void profile_poller_state::remove_outdated() {
  if (removing_ || draining_ || !finds())
    return;
  if (outdated_.wants_sweep())
    return sweep_->want_older();
  auto commands = std::make_shared<std::vector<store_command>>();
  for (auto& key : outdated_.take()) {
    timestamps_.forget(key);
    commands->emplace_back(erase_profile{key});
    commands->emplace_back(winnow::erase_list{std::move(key), false});
  }
  if (commands->empty())
    return;
  removing_ = true;
  watch_->ask<store_replies>(
      neighbours_->background_gateway, time_limit(),
      [this](const store_replies& replies) { removed_outdated(*replies); },
      [this](const caf::error& reason) { removed_outdated({fail(fault::unavailable, to_string(reason))}); },
      execute_atom_v, store_commands(std::move(commands)));
}

/// If nothing of a page could be removed, the rest is left to the next sweep.
void profile_poller_state::removed_outdated(const std::vector<store_reply>& replies) {
  removing_ = false;
  bool any = false;
  for (const auto& reply : replies)
    if (reply)
      any = true;
    else
      not_removed_log_.note(to_string(reply.error().cause), {}, reply.error().message);
  if (!any)
    outdated_.drop();
  remove_outdated();
}

/// Runs commands of which only failures matter. @param complain Called with the cause and the reason.
void profile_poller_state::tell_store(
    std::vector<store_command> commands,
    const std::function<void(std::string_view, const std::string&)>& complain) {
  watch_->ask<store_replies>(
      neighbours_->background_gateway, time_limit(),
      [complain](const store_replies& replies) {
        for (const auto& reply : *replies)
          if (!reply)
            complain(to_string(reply.error().cause), reply.error().message);
      },
      [complain](const caf::error& reason) { complain(to_string(fault::unavailable), to_string(reason)); },
      execute_atom_v, std::make_shared<const std::vector<store_command>>(std::move(commands)));
}

} // namespace winnow
