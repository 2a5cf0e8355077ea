#pragma once

#include "config/error.hpp"
#include "config/settings/cascade_widths.hpp"
#include "models/ranking/stage_features.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// What `model.json` of a model directory says of the models that a checkpoint cannot. Every part is
/// optional.
struct model_description {
  cascade_settings cascade; ///< The widths that the models were trained for.

  std::optional<std::vector<std::string>> din_columns;     ///< DIN's item columns; none: all there are.
  std::optional<std::vector<std::string>> ranknet_columns; ///< RankNet's item columns; may be empty.
  std::vector<stage_feature> stage_features;               ///< What RankNet sees of a candidate behind them.

  std::string
      split; ///< How the trainer held items back: `leave_one_out`, `none` …; empty where it does not say.
  std::optional<std::uint64_t> seed; ///< The trainer's, by which a `ratio:…` without times was drawn, too.
};

/// Reads a `model.json`: `{"format": 1, "cascade": {"candidates": 200, …}, "din": {"columns": […]},
/// "ranknet":
/// {"columns": […]}, …}`; what else is in it is for people. A stage feature's name among RankNet's columns
/// means the stage feature, also where an item column has that name.
/// @return The failure names file and field, what was expected and what came.
result<model_description> read_model_description(const std::filesystem::path& path);

} // namespace winnow
