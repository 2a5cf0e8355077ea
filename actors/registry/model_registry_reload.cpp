#include "actors/registry/model_registry.hpp"
#include "models/registry/version_directory.hpp"

#include <utility>

// SIGHUP: what `current` names is loaded, judged, and brought into force.

namespace winnow {

/// With the lock.
void model_registry::replace(const model_set_ptr& models) {
  const auto name = version_name_of(models->home, models->directory);
  const auto before = in_force_;
  if (name != before && (find(before)->is_published || is_published(models->home, models->directory)))
    note_earlier();
  in_force_ = name;
  hold(name, models);
  if (aside_ == name)
    aside_.clear();
  ++changes_;
  end_trials(name, name == before);
  serve(models);
  forget_old();
}

void model_registry::reload() {
  std::uint64_t choices = 0;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(reload_waits_, true))
      return;
    choices = choices_;
  }
  parts_.later([this, self = shared_from_this(), choices] {
    {
      const std::lock_guard lock(mutex_);
      reload_waits_ = false;
    }
    const auto models = parts_.load({});
    if (!models)
      return refuse_reload(models.error());
    const auto candidate = as_held(*models);
    if (const auto fit = check_rules(*models); !fit) {
      name_again(candidate);
      return refuse_reload(fit.error());
    }
    if (const auto judged = judge_reloaded(candidate); !judged)
      return refuse_reload(judged.error());
    const std::lock_guard lock(mutex_);
    if (!user_.serve)
      return;
    // What an earlier reload brought into force is no reason: the last signal counts.
    if (choices == choices_)
      return replace(*models);
    user_.refused(error{fault::conflict, "another version came into force meanwhile"},
                  find(in_force_)->models->version);
  });
}

void model_registry::refuse_reload(const error& why) {
  const std::lock_guard lock(mutex_);
  if (user_.refused)
    user_.refused(why, find(in_force_)->models->version);
}

/// Names models by the directory that they come from.
model_registry::held model_registry::as_held(const model_set_ptr& models) {
  return {version_name_of(models->home, models->directory), models,
          is_published(models->home, models->directory)};
}

/// Judges what `current` names if that is a published version other than the one in force, or has other
/// files.
/// @return Why it may not come into force.
result<void> model_registry::judge_reloaded(const held& candidate) {
  {
    const std::lock_guard lock(mutex_);
    if (!needs_judgement(candidate))
      return {};
    take_aside(candidate);
  }
  if (const auto judged = judge(candidate); !judged)
    return judged;
  const std::lock_guard lock(mutex_);
  const auto* const report = valid_report(candidate);
  if (report == nullptr || report->passed())
    return {};
  name_again_locked(candidate.name);
  return fail(fault::conflict, refusal_text(*report));
}

/// Has `current` name the version in force again, if it names a published one that was refused.
void model_registry::name_again(const held& refused) {
  const std::lock_guard lock(mutex_);
  if (refused.is_published && !is_in_force(refused))
    name_again_locked(refused.name);
}

} // namespace winnow
