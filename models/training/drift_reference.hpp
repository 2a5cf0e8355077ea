#pragma once

#include "models/drift/histogram.hpp"
#include "models/model_set.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"

#include <vector>

namespace winnow {

/// How the values that are watched for drift are distributed over the lists of users, as these models rank
/// them. @param models With both rankers. @param histories All items of each user, as in a profile, by the
/// rows of `models`.
/// @param most_users If more have a history, evenly spread ones. @return An error if a ranker fails; no
///   histogram for values that nobody has.
result<std::vector<reference_histogram>> drift_reference(const model_set& models, const item_lists& histories,
                                                         std::size_t most_users, thread_team& team);

} // namespace winnow
