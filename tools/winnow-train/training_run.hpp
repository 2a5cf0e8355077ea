#pragma once

#include "models/training/training_observer.hpp"
#include "tools/winnow-train/train_options.hpp"

namespace winnow {

enum class run_end { finished, interrupted };

/// Trains the stages selected by the options. Leaves either a complete new model directory or the old one
/// untouched.
result<run_end> run_training(const train_options& options, training_observer& observer);

} // namespace winnow
