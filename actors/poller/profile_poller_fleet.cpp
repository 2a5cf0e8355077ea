#include "actors/poller/profile_poller.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <utility>

// What the poller does as part of a fleet.

namespace winnow {

namespace {

// How long the leader's sweep pauses while too many changes wait to be shared.
constexpr std::chrono::milliseconds sweep_pause{200};

} // namespace

/// A new leader sweeps: that finds what its predecessor had found and not shared.
void profile_poller_state::becomes(fleet_role role) {
  const activity turning(*parts_.record, "taking a role in the fleet");
  const bool is_new = std::exchange(role_, role) != role;
  if (is_new)
    others_since_.reset();
  if (role == fleet_role::outdated)
    share_.clear();
  if (role == fleet_role::leader) {
    reconciling_is_due_ = true;
    sweep_->changes_missed();
    begin_sweep();
  } else {
    if (is_new) // what this replica found, the next leader finds
      incomplete_ = incomplete_lists();
    gone_.clear();
    reconciliation_.stop();
    sweep_->tracked(false, parts_.sweep_clock());
    parts_.meters->poller.tracking(false);
  }
  pump();
}

/// A follower sweeps for its own sake only: at the start, and if the learner asks for it.
bool profile_poller_state::sweep_is_due() const {
  const auto now = parts_.sweep_clock();
  return finds() ? sweep_->is_due(now) : sweep_->is_overdue(now);
}

void profile_poller_state::taken(const std::vector<fleet_entry>& entries) {
  const activity queueing(*parts_.record, "queueing shared changes");
  for (const auto& entry : entries) {
    const auto key = parse_profile_key(entry.key);
    if (!key)
      continue; // the fleet member passes none
    share_.taken(*key, entry.id);
    queue(*key);
  }
  pump();
}

void profile_poller_state::seen(const std::vector<profile_key>& keys) {
  const activity noting(*parts_.record, "noting what others compute");
  for (const auto& key : keys) {
    const bool is_newest = pending_.seen(key);
    if (is_newest)
      parts_.directory->announced(key);
    const bool may_be_gone = !key.timestamp.empty(); // who does not notice would wait for it for ever
    const bool is_watched = parts_.taken && parts_.taken->watches(key.user_id);
    const bool is_wanted = (neighbours_ && neighbours_->learner) || is_watched || may_be_gone;
    if (is_newest && neighbours_ && is_wanted && !observed_.add(key))
      parts_.meters->learner.skipped();
  }
  if (neighbours_)
    observed_.start(neighbours_, time_limit());
}

/// Who finds changes sweeps for the user's older profile, and shares it. Others, which do not sweep, take
/// what is shared next for the newest.
void profile_poller_state::newest_is_gone(const profile_key& key) {
  if (key.timestamp.empty())
    return;
  if (finds())
    sweep_->want_older();
  else if (pending_.forget(key))
    parts_.directory->gone(key);
}

/// Another replica makes the user's next list.
void profile_poller_state::observed(const profile_key& key, std::shared_ptr<const profile> items) {
  if (parts_.taken) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto& models = *models_of_user(neighbours_->models, neighbours_->trials, key.user_id);
    const auto trial = trial_of(neighbours_->trials);
    parts_.meters->taken.taken(
        parts_.taken->leave(parts_.taken->look(key.user_id, *items), {models.version, trial},
                            std::chrono::duration_cast<std::chrono::seconds>(now).count()));
  }
  tell(key, std::move(items));
}

/// Tells the fleet member of changes. If it cannot be told, a sweep finds them.
void profile_poller_state::share(std::vector<profile_key> keys, bool of_sweep) {
  if (keys.empty())
    return;
  if (!neighbours_ || !neighbours_->fleet)
    return sweep_->changes_missed();
  watch_->ask<bool>(
      neighbours_->fleet, time_limit(),
      [this, of_sweep](bool room) {
        if (room || !of_sweep || std::exchange(holding_sweep_, true))
          return;
        self_->delayed_send(self_, sweep_pause, pump_atom_v);
      },
      [this](const caf::error&) { sweep_->changes_missed(); }, enqueue_atom_v,
      std::make_shared<const std::vector<profile_key>>(std::move(keys)));
}

/// Shares the changes that a page of a sweep has found.
void profile_poller_state::share_due() {
  for (const auto& key : due_)
    finish(key);
  share(std::exchange(due_, {}), true);
}

/// Each behind its user's newest profile: who takes an older one must know that it is not the newest.
void profile_poller_state::share_older(const std::vector<profile_key>& keys) {
  std::vector<profile_key> both;
  for (const auto& key : keys) {
    both.push_back(parts_.directory->newest(key.user_id));
    both.push_back(key);
  }
  share(std::move(both), true);
}

/// Nothing more is to be done for what was taken before the profile was read.
void profile_poller_state::acknowledge(const profile_key& key, bool computed) {
  auto& ids = computed ? finished_.computed : finished_.unchanged;
  for (auto& id : share_.finish(key))
    ids.push_back(std::move(id));
}

void profile_poller_state::send_finished() {
  if ((finished_.computed.empty() && finished_.unchanged.empty()) || !neighbours_ || !neighbours_->fleet)
    return;
  self_->send(neighbours_->fleet, done_atom_v,
              std::make_shared<const finished_entries>(std::exchange(finished_, {})));
}

} // namespace winnow
