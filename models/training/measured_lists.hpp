#pragma once

#include "models/training/embedding_rows.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace winnow {

/// Quality of lists of `k` items: means over the users with a wanted item.
struct list_measure {
  double recall = 0; ///< Hits divided by wanted items.
  double ndcg = 0;   ///< Relative to a list that begins with the wanted items.
};

/// Ranks all items but those in `masked` by inner product and measures the lists.
/// @param embeddings Users first, then items.
/// @param most If more users have wanted items, only this many are measured, evenly spaced among them.
list_measure measure_lists(const embedding_rows& embeddings, const item_lists& wanted,
                           const std::vector<const item_lists*>& masked, std::size_t k, thread_team& team,
                           std::size_t most = std::numeric_limits<std::size_t>::max());

} // namespace winnow
