#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"
#include "models/transitions/transition_table.hpp"

#include <cstddef>

namespace winnow {

/// How the items of one history count as transitions between each other. For item a at a distance of `gap`
/// before item b, at most `reach`: W[a→b] += gap_decay^(gap - 1), and W[b→a] += backward · gap_decay^(gap -
/// 1).
struct transition_rules {
  double gap_decay = 0.7;
  double backward = 0.3;
  std::size_t reach = 20;
  std::size_t most_successors = 128; ///< Kept for each item: the heaviest.
};

/// Counts the transitions of all histories. The result does not depend on the number of threads. Memory: the
/// result, one list of positions as long as the histories, and one row of weights per thread.
/// @param histories Of each user, oldest first; items below `item_count`.
transition_counts count_transitions(const item_lists& histories, std::size_t item_count,
                                    const transition_rules& rules, thread_team& team);

} // namespace winnow
