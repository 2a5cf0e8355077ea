#pragma once

#include "config/error.hpp"
#include "config/settings/values/cascade_widths.hpp"
#include "models/drift/histogram.hpp"
#include "models/ranking/stage_features.hpp"
#include "models/transitions/transition_rules.hpp"
#include "models/transitions/transition_table.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

struct transition_description {
  transition_scoring scoring;
  transition_rules rules;       ///< How they were counted, and how those of later events are.
  std::size_t candidates = 100; ///< Of a list, from the transitions at most.
  double weight = 1;            ///< Of a place in their list, relative to one in LightGCN's.
  double din_weight = 0;        ///< Of the order of candidates in DIN's order.
  double din_score_weight = 0;  ///< Of the transitions' scores in DIN's order.
};

/// What a training left out, as `model.json` records it. Models of other and of older trainers lack parts.
struct training_record {
  std::string
      split; ///< How test items were held back: `leave_one_out`, `ratio:…`, `none`, `given`; or empty.
  /// The seed of that split: it determines which items a `ratio:…` split without times held back.
  std::optional<std::uint64_t> seed;
  std::optional<double> min_rating; ///< Interactions with a lower rating were left out.
  std::optional<double> until;      ///< The share of the interactions, the earliest, that was trained on.
  std::string ties; ///< What ordered interactions of the same time: `file` or `item`; empty if not stated.
};

/// The facts about a model directory's models that are in its `model.json` rather than in the checkpoints.
/// Every part is optional.
struct model_description {
  cascade_settings cascade; ///< The widths for which the models were trained.

  std::optional<std::vector<std::string>> din_columns;     ///< DIN's item columns; nullopt for all.
  std::optional<std::vector<std::string>> ranknet_columns; ///< RankNet's; nullopt for all; may be empty.
  std::vector<stage_feature> stage_features; ///< RankNet's stage features, which follow the item columns.

  /// How the transitions score, and how many candidates come from them; nullopt if there are none.
  std::optional<transition_description> transitions;

  /// In events, of the counts `recent` in popularity.csv, see `fading_counts`; nullopt if there are none.
  std::optional<double> recent_half_life;

  /// How the values that are watched for drift were distributed in the training; null if it does not say.
  std::shared_ptr<const std::vector<reference_histogram>> drift;

  training_record training;
  /// Of trainings from which this one took over stages or weights, and which held back other items.
  std::vector<training_record> earlier_trainings;
};

/// Reads a `model.json`:
///
///     {"format": 1, "cascade": {"candidates": 200, …},
///      "transitions": {"history_decay": 0.6, "history_length": 20, "popularity_exponent": 0.25,
///      "candidates": 100}, "split": "none", "training": {"min_rating": 0, "until": 1, "holdout_seed": 1,
///      "ties": "file", "earlier": [{"split": "leave_one_out", "min_rating": 0, …}]}, "recent_counts":
///      {"half_life_events": 3000}, "din": {"columns": […]}, "ranknet": {"columns": […]}, …}
///
/// Other fields are for people and ignored. The name of a stage feature among RankNet's columns always means
/// the stage feature, even if an item column has the same name.
/// @return On failure, an error that names file and field, what was expected and what was found.
result<model_description> read_model_description(const std::filesystem::path& path);

} // namespace winnow
