#include "actors/registry/model_registry.hpp"

#include "actors/registry/trial_text.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <utility>

// Experiments and the shadow: versions that are served, or only rank, beside the one in force.

namespace winnow {

namespace {

constexpr const char* component = "models";

bool has_arm(const experiment& what, const std::string& version) {
  return std::any_of(what.arms.begin(), what.arms.end(),
                     [&](const experiment_arm& arm) { return arm.version == version; });
}

} // namespace

// ---- what is served; with the lock ----

void model_registry::serve(const model_set_ptr& models) {
  user_.serve(models, trials_locked());
}

/// Answers an order whose outcome is `done`: if something is served because of it, once that is in force.
void model_registry::answer_in_force(result<std::string> done, const reply& answer) const {
  if (!done || !user_.when_in_force)
    return answer(std::move(done));
  user_.when_in_force([answer, done = std::move(done)](const result<void>& known) {
    answer(known ? done : result<std::string>(tl::unexpected(known.error())));
  });
}

model_trials_ptr model_registry::trials_locked() const {
  if (!experiment_runs_ && !shadow_runs_)
    return nullptr;
  auto served = std::make_shared<model_trials>();
  if (experiment_runs_) {
    served->running = trials_.latest;
    for (const auto& arm : trials_.latest->arms)
      served->arms.push_back(arm.version == in_force_ ? nullptr : find(arm.version)->models);
  }
  if (shadow_runs_) {
    served->shadow = find(trials_.shadow->version)->models;
    served->shadow_version = trials_.shadow->version;
    served->shadow_share = trials_.shadow->share;
    served->shadow_did = shadow_did_;
  }
  return served;
}

bool model_registry::is_in_trial(const std::string& name) const {
  return (experiment_runs_ && has_arm(*trials_.latest, name)) ||
         (shadow_runs_ && trials_.shadow->version == name);
}

/// Which share of the users gets a version.
std::map<std::string, double> model_registry::shares_by_version() const {
  if (!experiment_runs_)
    return {{in_force_, 1.0}};
  std::map<std::string, double> shares;
  for (const auto arm : trials_.latest->buckets)
    shares[trials_.latest->arms[arm].version] += 1.0 / static_cast<double>(bucket_count);
  return shares;
}

/// Writes the file first: what would not outlive a restart does not begin.
result<void> model_registry::keep(kept_trials kept) {
  auto written = write_trials(std::filesystem::path(parts_.settings.dir) / trials_file, kept);
  if (written)
    trials_ = std::move(kept);
  return written;
}

/// Another version, or the same one with other files, is in force now. Ends what does not go with it.
/// @param same_files Whether that is a reload of the version that was in force.
/// @return The name of the experiment that ended; empty if none did.
std::string model_registry::end_trials(const std::string& in_force, bool same_files) {
  const bool ends_shadow = shadow_runs_ && trials_.shadow->version == in_force;
  const bool goes_on = trials_.latest && !trials_.latest->stopped;
  if (!goes_on && !ends_shadow)
    return {};
  auto next = trials_;
  std::string ended;
  if (goes_on && !same_files) {
    ended = next.latest->name;
    next.latest->stopped = seconds_now();
    next.ordered = order_time(next.ordered);
    experiment_runs_ = false;
    trial_problem_.clear();
    log_event(log_level::info, component, "experiment ended",
              {{"experiment", ended}, {"reason", in_force + " serves all users"}});
  } else if (experiment_runs_) {
    for (auto& arm : next.latest->arms)
      if (arm.version == in_force)
        arm.digest = find(in_force)->models->version;
  }
  if (ends_shadow) {
    next.shadow.reset();
    shadow_runs_ = false;
    log_event(log_level::info, component, "shadow ended",
              {{"version", in_force}, {"reason", "it is in force"}});
  }
  if (const auto kept = keep(next); !kept) {
    log_event(log_level::warning, component, "the next start may go on with what has ended",
              {{"reason", kept.error().message}});
    trials_ = std::move(next); // what is served must not wait for the disk
  }
  return ended;
}

model_trials_ptr model_registry::trials() const {
  const std::lock_guard lock(mutex_);
  return trials_locked();
}

model_registry::trials_state model_registry::state_of_trials() const {
  const std::lock_guard lock(mutex_);
  return {trials_.latest, experiment_runs_, trial_problem_, in_force_};
}

// ---- the next start ----

/// Loads versions of a trial. @param runs Becomes true if all of them are there. @return Why not; else empty.
std::string model_registry::restore(const std::vector<std::string>& names, bool& runs) {
  const auto ready = hold_for_trial(names, true);
  const std::lock_guard lock(mutex_);
  runs = ready.has_value();
  wanted_.clear();
  forget_old();
  return ready ? std::string() : ready.error().message;
}

/// Whether the experiment would go on with other models than those that its users got. Those in memory count.
/// @return Empty if not.
std::string model_registry::why_other_files() const {
  for (const auto& arm : trials_.latest->arms) {
    const auto& digest = find(arm.version)->models->version;
    if (!arm.digest.empty() && arm.digest != digest)
      return "version " + arm.version + " has other files: its digest is " + digest + ", and was " +
             arm.digest;
  }
  return {};
}

void model_registry::restore_trials() {
  auto kept = read_trials(std::filesystem::path(parts_.settings.dir) / trials_file);
  if (!kept)
    trial_problem_ = kept.error().message;
  else
    trials_ = std::move(*kept);
  if (trials_.latest && !trials_.latest->stopped) {
    std::vector<std::string> names;
    for (const auto& arm : trials_.latest->arms)
      names.push_back(arm.version);
    if (has_arm(*trials_.latest, in_force_))
      trial_problem_ = restore(names, experiment_runs_);
    else
      trial_problem_ = "version " + in_force_ + ", which is in force, is not in the experiment";
  }
  if (experiment_runs_) {
    const std::lock_guard lock(mutex_);
    trial_problem_ = why_other_files();
    experiment_runs_ = trial_problem_.empty();
    if (experiment_runs_)
      for (auto& arm : trials_.latest->arms)
        arm.digest = find(arm.version)->models->version;
    forget_old();
  }
  shadow_did_ = std::make_shared<shadow_record>();
  if (trials_.shadow && trials_.shadow->version != in_force_)
    if (const auto problem = restore({trials_.shadow->version}, shadow_runs_); !shadow_runs_)
      log_event(log_level::error, component, "shadow does not go on", {{"reason", problem}});
  if (!trial_problem_.empty())
    log_event(log_level::error, component, "experiment does not go on", {{"reason", trial_problem_}});
  else if (experiment_runs_)
    log_event(log_level::info, component, "experiment goes on",
              {{"experiment", trials_.latest->name}, {"versions", shares_text(*trials_.latest)}});
}

} // namespace winnow
