#pragma once

#include "models/evaluation/evaluation.hpp"
#include "models/training/interaction_reader.hpp"

#include <optional>
#include <string>

namespace winnow {

/// How interactions are parted where the data does not come as a split.
struct holdout {
  enum class kind { leave_one_out, ratio };
  kind how = kind::leave_one_out;
  double valid = 0;
  double test = 0;
};

/// Reads `loo` (also `leave_one_out`) or `ratio:VALID,TEST`.
std::optional<holdout> parse_holdout(const std::string& text);

/// What the command line asks for.
struct eval_options {
  std::string model_dir;
  std::string item_features;
  std::string interactions; ///< Either this file …
  std::string split;        ///< … or this folder.
  std::optional<holdout> parting;
  reading_options reading;
  evaluation_options how;
  bool json = false;
  std::string plot; ///< Where to write the chart; empty: nowhere.
};

/// Reads the command line. @return Nothing where the program should end, with `exit_code` set: help was
/// printed or something is wrong, which was printed.
std::optional<eval_options> parse_eval_options(int argc, char** argv, int& exit_code);

} // namespace winnow
