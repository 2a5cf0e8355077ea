#include "actors/registry/model_registry.hpp"
#include "actors/registry/trial_text.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <utility>

// An experiment that was ordered at one replica of a fleet, and holds on all.

namespace winnow {

namespace {

constexpr const char* component = "models";
constexpr std::chrono::seconds pause_between_tries{30};

std::vector<std::string> versions_of(const experiment& what) {
  std::vector<std::string> names;
  for (const auto& arm : what.arms)
    names.push_back(arm.version);
  return names;
}

} // namespace

std::optional<model_registry::shared_trial> model_registry::trial_to_share() const {
  const std::lock_guard lock(mutex_);
  if (!trials_.latest)
    return std::nullopt;
  return shared_trial{trials_.ordered, to_json(*trials_.latest)};
}

void model_registry::take_trial(const shared_trial& told) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    const bool is_taken =
        told.ordered == trials_.ordered && (experiment_runs_ || (trials_.latest && trials_.latest->stopped));
    if (told.ordered < trials_.ordered || is_taken || takes_trial_ || !user_.serve || now < take_again_)
      return;
  }
  const auto what = parse_experiment(told.text);
  if (!what) {
    const std::lock_guard lock(mutex_);
    take_again_ = now + pause_between_tries;
    return log_event(log_level::warning, component, "experiment of the fleet not understood",
                     {{"reason", what.error().message}});
  }
  if (!take_order(*what, told.ordered))
    return;
  parts_.later([this, self = shared_from_this(), ordered = told.ordered] { run_taken(ordered); });
}

/// Keeps another replica's order. @return Whether its versions are to be loaded now.
bool model_registry::take_order(const experiment& told, std::int64_t ordered) {
  const std::lock_guard lock(mutex_);
  if (ordered < trials_.ordered)
    return false;
  const bool is_new = ordered > trials_.ordered;
  auto next = trials_;
  next.latest = told;
  next.ordered = ordered;
  if (const auto kept = keep(next); !kept) {
    log_event(log_level::warning, component, "the next start does not know the experiment of the fleet",
              {{"reason", kept.error().message}});
    trials_ = std::move(next);
  }
  if (is_new) {
    trial_problem_.clear();
    if (std::exchange(experiment_runs_, false) && told.stopped && user_.serve)
      serve(nullptr);
    log_event(log_level::info, component, told.stopped ? "experiment stopped" : "experiment of the fleet",
              {{"experiment", told.name}, {"by", "another replica"}});
  }
  takes_trial_ = !told.stopped;
  if (told.stopped)
    forget_old();
  return takes_trial_;
}

/// With the lock. @param ready Whether the versions are in memory. @return Empty if the experiment can run.
std::string model_registry::why_not_run(const result<void>& ready) const {
  const auto& arms = trials_.latest->arms;
  if (!ready)
    return ready.error().message;
  if (std::none_of(arms.begin(), arms.end(),
                   [&](const experiment_arm& arm) { return arm.version == in_force_; }))
    return "version " + in_force_ + ", which is in force here, is not in the experiment of the fleet";
  for (const auto& arm : arms) {
    const auto* const version = find(arm.version);
    if (version == nullptr)
      return "version " + arm.version + " left the memory meanwhile, as another one came into force";
    if (version->models->version != arm.digest)
      return "version " + arm.version + " has other files here: its digest is " + version->models->version +
             ", and " + arm.digest + " where the experiment was started";
  }
  return {};
}

/// On the thread of `later`. Loads the versions of the kept order, and runs it.
void model_registry::run_taken(std::int64_t ordered) {
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    names = versions_of(*trials_.latest);
  }
  const auto ready = hold_for_trial(names, true);
  const std::lock_guard lock(mutex_);
  takes_trial_ = false;
  wanted_.clear();
  if (ordered == trials_.ordered && !trials_.latest->stopped && user_.serve) {
    trial_problem_ = why_not_run(ready);
    experiment_runs_ = trial_problem_.empty();
    if (experiment_runs_) {
      log_event(log_level::info, component, "experiment runs",
                {{"experiment", trials_.latest->name}, {"versions", shares_text(*trials_.latest)}});
    } else {
      take_again_ = std::chrono::steady_clock::now() + pause_between_tries;
      log_event(log_level::warning, component, "experiment of the fleet does not run here",
                {{"reason", trial_problem_}});
    }
    serve(nullptr);
  }
  forget_old();
}

} // namespace winnow
