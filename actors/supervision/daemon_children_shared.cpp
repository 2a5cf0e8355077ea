#include "actors/registry/model_registry.hpp"
#include "actors/supervision/daemon_children.hpp"

// What the replicas of a fleet share besides changes and items.

namespace winnow {

/// What the fleet member shares, with the registry of models if there is one.
fleet_shares daemon_children::shares() const {
  fleet_shares shared;
  shared.forget = [all = forgetter(), taken = taken_](const std::string& user_id, bool before_start) {
    if (!before_start)
      all(user_id);
    else if (taken)
      taken->forget(user_id);
  };
  if (const auto registry = parts_->registry) {
    shared.experiment = [registry]() -> std::optional<told_experiment> {
      auto own = registry->trial_to_share();
      return own ? std::optional(told_experiment{own->ordered, std::move(own->text)}) : std::nullopt;
    };
    shared.take_experiment = [registry](const told_experiment& told) {
      registry->take_trial({told.time, told.text});
    };
  }
  return shared;
}

/// Users leave traces outside of actors, too: their last lists, the profiles for the gate, and the times of
/// their newest profiles.
user_forgetter daemon_children::forgetter() const {
  return [taken = taken_, recent = parts_->recent, directory = directory_](const std::string& user_id) {
    directory->erased(user_id);
    if (taken)
      taken->forget(user_id);
    if (recent)
      recent->forget(user_id);
  };
}

} // namespace winnow
