#pragma once

#include "config/settings/values/cascade_widths.hpp"
#include "models/training/din_fit.hpp"
#include "models/training/interactions/holdout.hpp"
#include "models/training/interactions/row_report.hpp"
#include "models/training/lightgcn_fit.hpp"
#include "models/training/ranknet_fit.hpp"
#include "models/training/transition_fit.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace winnow {

enum class training_stage { lightgcn, din, ranknet, all };

/// Which options the user gave, where that matters.
struct given_options {
  bool dim = false, layers = false, id_dim = false, epochs = false, din_epochs = false,
       ranknet_epochs = false, transition_candidates = false;
};

/// What the stages keep unless the user or the models to continue from say otherwise.
inline constexpr cascade_widths usual_widths{200, 100, 20};

struct train_options {
  std::string interactions; ///< A file, or a folder with the offline job's files; empty: see below.
  std::string split;        ///< A folder with `train.txt`, `valid.txt` and `test.txt`; may be empty.
  /// Address of a store whose profiles are the interactions; may be empty. `env:`: that of the environment.
  std::string from_store;
  std::string items;         ///< File with item metadata; may be empty.
  std::string continue_from; ///< A model directory to continue from; empty: none.
  given_options given;
  std::string out;
  training_stage stage = training_stage::all;
  std::optional<tie_order> ties; ///< nullopt: by item if `until` is less than 1.
  double until = 1;              ///< Share of the interactions, in the order of time, to train on.
  holdout held_back;
  reading_options reading;
  std::uint64_t seed = 2020;
  std::size_t threads = 0; ///< 0: one per processor.
  bool resume = false;
  std::optional<std::chrono::milliseconds> time_budget; ///< For the whole run; nullopt: as long as it takes.
  bool publish = false;  ///< Add a version to the model directory instead of replacing its files.
  std::size_t curve = 0; ///< Measure the test items, too, every `curve` epochs of LightGCN; 0: never.

  lightgcn_fit_options lightgcn;
  transition_fit_options transitions;
  std::size_t transition_candidates =
      100; ///< Of the candidates of a list, from the transitions at most; 0: none.
  din_fit_options din;
  ranknet_fit_options ranknet;
  cascade_settings given_widths; ///< What the user gave.
  cascade_widths widths = usual_widths;
};

/// Sets the widths that the user did not give to `others`, as far as the given ones allow.
void use_widths(train_options& options, const cascade_widths& others);

/// The parsed command line. If `run` is nullopt, the program ends with `exit_code`.
struct train_request {
  std::optional<train_options> run;
  int exit_code = 0;
};

train_request read_train_options(int argc, char** argv);

} // namespace winnow
