#pragma once

#include "models/training/interactions/item_metadata.hpp"
#include "models/training/state_keeper.hpp"
#include "models/training/support/thread_team.hpp"
#include "models/training/support/time_limit.hpp"
#include "models/training/training_observer.hpp"
#include "tools/winnow-train/continuation.hpp"
#include "tools/winnow-train/model_directory.hpp"
#include "tools/winnow-train/run_description.hpp"
#include "tools/winnow-train/training_data.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// What the stages of a training run share: the data, the draft, and its description. Each stage reads the
/// draft that the previous stages wrote, as serving would.
struct stage_context {
  stage_context(const train_options& chosen, time_limit until, training_data read, training_observer& told);

  /// Loads the model set from the draft in its current state.
  result<model_set_ptr> load();

  /// The names of LightGCN's columns in the draft.
  result<std::vector<std::string>> embedding_columns() const;

  /// The lists by the model set's users and items; the number of interactions that are left out is reported.
  item_lists aligned(const item_lists& lists, const model_set& models);

  /// The part of the time left that a stage may take. What follows it takes about as long as its rest.
  time_limit limit_of(training_stage stage) const;

  /// What identifies the run of a stage with these hyper-parameters: everything that affects the result.
  nlohmann::ordered_json run_of(const nlohmann::ordered_json& parameters) const;

  /// Keeps the state from which a stage of this run can resume.
  state_keeper keep(const std::string& stage, const nlohmann::ordered_json& run) const;

  train_options options; ///< With what `continued` sets.
  time_limit limit;
  training_data data;
  training_observer& observer;
  thread_team team;
  model_draft draft;
  std::optional<item_metadata> metadata;
  std::optional<continuation> continued;
  run_description description;
};

} // namespace winnow
