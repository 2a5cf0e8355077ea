#pragma once

#include "models/training/training_observer.hpp"
#include "tools/winnow-train/train_options.hpp"

#include <string>

namespace winnow {

enum class run_end { finished, interrupted };

struct training_end {
  run_end how = run_end::finished;
  std::string version;   ///< The name of the published version; empty if none was.
  bool is_first = false; ///< It is what the model directory now serves.
};

/// Trains the stages selected by the options. Leaves either a complete new model directory, or a new version
/// in it, or the old one untouched.
result<training_end> run_training(const train_options& options, training_observer& observer);

} // namespace winnow
