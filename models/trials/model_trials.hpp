#pragma once

#include "models/trials/experiment.hpp"
#include "models/trials/shadow_comparison.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

struct model_set;

/// The versions beside the one in force that requests use: those of an experiment, and the shadow. Immutable.
struct model_trials {
  using models_ptr = std::shared_ptr<const model_set>;

  std::optional<experiment> running;         ///< nullopt: there is no experiment.
  std::vector<models_ptr> arms;              ///< Of the experiment, by arm; null for the version in force.
  models_ptr shadow;                         ///< Null: there is none.
  std::string shadow_version;                ///< Its name.
  double shadow_share = 0;                   ///< Of the lists that it ranks, too.
  std::shared_ptr<shadow_record> shadow_did; ///< Takes what it does; null without a shadow.

  /// The arm of a user who does not get the version in force; nullopt for all others, and for a session
  /// without a user id.
  std::optional<std::size_t> other_arm_of(std::string_view user_id) const {
    if (!running || user_id.empty())
      return std::nullopt;
    const std::size_t arm = running->buckets[bucket_of(running->salt, user_id)];
    return arms[arm] ? std::optional(arm) : std::nullopt;
  }

  /// Whether a user takes part in the experiment at a placement where only a share of the users does. Who
  /// does depends neither on the arm nor on other placements. @param share In [0, 1].
  bool takes_part(std::string_view user_id, std::string_view placement, double share) const;

  /// The models beside those in force.
  std::vector<models_ptr*> others() {
    std::vector<models_ptr*> all;
    for (auto& arm : arms)
      if (arm)
        all.push_back(&arm);
    if (shadow)
      all.push_back(&shadow);
    return all;
  }

  /// Tells apart which user gets which version: differs after each change of an experiment that moves users.
  /// 0 without an experiment.
  std::uint64_t division() const;
};

using model_trials_ptr = std::shared_ptr<const model_trials>;

/// The models of a user.
/// @param trials Null: there are none.
inline const std::shared_ptr<const model_set>&
models_of_user(const std::shared_ptr<const model_set>& in_force, const model_trials_ptr& trials,
               std::string_view user_id) {
  if (trials)
    if (const auto arm = trials->other_arm_of(user_id))
      return trials->arms[*arm];
  return in_force;
}

/// The trial for which is counted what users take now; empty if there is no experiment.
inline std::string trial_of(const model_trials_ptr& trials) {
  return trials && trials->running ? trials->running->trial() : std::string();
}

} // namespace winnow
