#pragma once

#include "config/error.hpp"
#include "models/trials/bucket_split.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Experiments: several versions of the models that share the users between them.
namespace winnow {

/// A version in an experiment.
struct experiment_arm {
  std::string version; ///< Its name in the registry.
  std::string digest;  ///< Of its models, see `model_set::version`; empty if they were never loaded.
  double weight = 0;   ///< Positive; the share of the users is this part of all weights.
};

/// An experiment. Each user gets one of its versions, always the same one while the weights stay.
struct experiment {
  std::string name;
  std::string salt; ///< Another one divides the users independently.
  std::vector<experiment_arm> arms;
  std::vector<std::uint8_t> buckets;   ///< The arm of each; see `bucket_of`.
  std::int64_t started = 0;            ///< Seconds since 1970.
  std::int64_t changed = 0;            ///< When the weights last changed.
  std::optional<std::int64_t> stopped; ///< nullopt: it goes on.

  const experiment_arm& arm_of(std::string_view user_id) const {
    return arms[buckets[bucket_of(salt, user_id)]];
  }

  /// Names what is counted together: the experiment since its weights last changed. Of different weights,
  /// sums would compare different times.
  std::string trial() const { return name + "@" + std::to_string(changed); }
};

/// How an experiment is ordered.
struct experiment_order {
  std::string name;
  std::string salt; ///< Empty: the name.
  std::vector<experiment_arm> arms;
};

inline constexpr std::size_t most_arms = 8;

/// @return `invalid_argument` that says what is wrong with the name, the versions or the weights.
result<void> check_order(const experiment_order& order);

/// Begins an experiment, or changes the one of the same name and salt: then the users move as little as the
/// new weights allow.
/// @param before The latest experiment; null if there was none. @param now Seconds since 1970.
experiment begin_experiment(const experiment_order& order, const experiment* before, std::int64_t now);

/// A version that only ranks, and what it ranks.
struct shadow_order {
  std::string version;
  double share = 0; ///< Of the lists; in (0, 1].
};

/// What a model directory remembers of experiments.
struct kept_trials {
  std::optional<experiment> latest;   ///< The one that goes on, or the last that did.
  std::int64_t ordered = 0;           ///< When this was ordered, in milliseconds since 1970; 0: never.
  std::optional<shadow_order> shadow; ///< nullopt: there is none.
};

/// The file of a model directory with its `kept_trials`, beside `current`.
inline constexpr const char* trials_file = "experiment.json";

/// Reads the file. @return Nothing kept if it does not exist; an error that names file and field if it is
/// broken. Blocking.
result<kept_trials> read_trials(const std::filesystem::path& file);

/// Replaces the file as a whole. Blocking.
result<void> write_trials(const std::filesystem::path& file, const kept_trials& kept);

/// The experiment as JSON, as in the file.
std::string to_json(const experiment& what);

/// The inverse. @return `malformed`, with what is wrong.
result<experiment> parse_experiment(std::string_view text);

} // namespace winnow
