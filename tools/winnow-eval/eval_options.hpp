#pragma once

#include "models/evaluation/evaluation.hpp"
#include "models/training/interactions/holdout.hpp"
#include "models/training/interactions/row_report.hpp"

#include <optional>
#include <string>

namespace winnow {

/// What the command line asks for.
struct eval_options {
  std::string model_dir;
  std::string item_features;
  std::string interactions;                  ///< Either this file …
  std::string split;                         ///< … or this folder.
  std::optional<holdout> parting;            ///< None: as `model.json` says.
  std::optional<std::uint64_t> holdout_seed; ///< The same.
  reading_options reading;
  evaluation_options how;
  bool json = false;
  std::string plot; ///< Where to write the chart; empty: nowhere.
};

/// Reads the command line. @return Nothing where the program should end, with `exit_code` set: help was
/// printed or something is wrong, which was printed.
std::optional<eval_options> parse_eval_options(int argc, char** argv, int& exit_code);

} // namespace winnow
