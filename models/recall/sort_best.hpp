#pragma once

#include "models/recall/top_k.hpp"

#include <vector>

namespace winnow {

/// Keeps the `keep` best of the items (all if there are fewer), in the order `ranks_before`. No score may be
/// NaN.
///
/// The list of a request is short. So the function counts for each item how many are better, which is
/// vectorised; sorting would mispredict branches.
void sort_best(std::vector<scored_item>& items, std::size_t keep);

} // namespace winnow
