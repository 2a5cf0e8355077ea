#pragma once

#include "models/model_description.hpp"
#include "models/training/training_observer.hpp"
#include "tools/winnow-train/train_options.hpp"
#include "tools/winnow-train/training_data.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Returns the trainings that models build on and that have seen items by which a run measures, because they
/// held others back. Tells the observer of each, and why. None if the run measures nothing.
/// @param earlier The models from which the run takes over stages or weights.
/// @param where Where they are, for the messages: `--continue DIR`.
std::vector<training_record> trainings_that_saw(const model_description& earlier,
                                                const train_options& options, const training_data& data,
                                                const std::string& where, training_observer& observer);

} // namespace winnow
