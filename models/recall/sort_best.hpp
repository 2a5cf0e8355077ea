#pragma once

#include "models/recall/top_k.hpp"

#include <vector>

namespace winnow {

/// Leaves the `keep` best of the items (all, where there are fewer), in the order `ranks_before`. No score
/// may be NaN.
///
/// A list of a request is short: how many items are better than each is counted, which is vectorised, where
/// sorting would be mispredicted branches.
void sort_best(std::vector<scored_item>& items, std::size_t keep);

} // namespace winnow
