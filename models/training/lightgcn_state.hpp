#pragma once

#include "models/training/lightgcn_course.hpp"
#include "models/training/lightgcn_fit.hpp"
#include "models/training/training_state.hpp"

namespace winnow {

/// What an interrupted training of LightGCN resumes from. Refers to the trainer's and the result's
/// embeddings.
state_to_keep state_of(const lightgcn_trainer& trainer, const lightgcn_result& best,
                       const lightgcn_course& course);

/// The inverse. Takes the arrays out of the state.
/// @return `malformed` if the state is of embeddings of another size.
result<void> restore(training_state& state, lightgcn_trainer& trainer, lightgcn_result& best,
                     lightgcn_course& course);

} // namespace winnow
