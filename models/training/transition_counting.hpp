#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"
#include "models/transitions/transition_rules.hpp"
#include "models/transitions/transition_table.hpp"

#include <cstddef>

namespace winnow {

/// Counts the transitions of all histories. The result does not depend on the number of threads. Memory: the
/// result, one list of positions as long as the histories, and one row of weights per thread.
/// @param histories Of each user, oldest first; items below `item_count`.
transition_counts count_transitions(const item_lists& histories, std::size_t item_count,
                                    const transition_rules& rules, thread_team& team);

} // namespace winnow
