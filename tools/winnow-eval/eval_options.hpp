#pragma once

#include "models/evaluation/evaluation.hpp"
#include "models/evaluation/replay.hpp"
#include "models/training/interactions/holdout.hpp"
#include "models/training/interactions/row_report.hpp"

#include <optional>
#include <string>

namespace winnow {

/// Options from the command line.
struct eval_options {
  std::string model_dir;
  std::string item_features;
  std::string interactions;                  ///< File to read; empty: use `split`.
  std::string split;                         ///< Folder to read; empty: use `interactions`.
  std::optional<holdout> held_back;          ///< nullopt: as in `model.json`.
  std::optional<std::uint64_t> holdout_seed; ///< nullopt: as in `model.json`.
  std::optional<double> least_rating;        ///< nullopt: as in `model.json`.
  std::optional<double> until;               ///< nullopt: as in `model.json`.
  reading_options reading;                   ///< But for `least_rating` and `ties`.
  std::optional<tie_order> ties;             ///< nullopt: as in `model.json`; of a replay, by item.
  std::string replayed; ///< Interactions to replay by time; empty: measure held back items instead.
  replay_options replay;
  evaluation_options how;
  bool json = false;
  std::string plot; ///< File for the chart; empty: no chart.
};

/// Parses the command line. @return nullopt if the program should end with `exit_code`, after help or an
/// error was printed.
std::optional<eval_options> parse_eval_options(int argc, char** argv, int& exit_code);

} // namespace winnow
