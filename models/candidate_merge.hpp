#pragma once

#include "models/cascade.hpp"

namespace winnow {

/// Merges the candidates of two sources into one list without duplicates: the best of the transitions from
/// the user's recent items, filled up with LightGCN's best. The list is ordered by reciprocal rank fusion
/// (Cormack et al. 2009); its scores are LightGCN's, also those of items that only the transitions found.
/// @param models Has transitions.
/// @param vector The user's, as LightGCN's scores are made with it.
/// @param lightgcn LightGCN's best `count`, best first, without the excluded items.
/// @param excluded Ascending; usually the history. What the user's wishes do not allow is left out, too.
/// @return At most `count` items; with evidence. The same as LightGCN's list if no transition is known.
ranked_list merge_candidates(const model_set& models, const user_context& user, gsl::span<const float> vector,
                             const std::vector<scored_item>& lightgcn, std::size_t count, merge_scratch& work,
                             gsl::span<const std::uint32_t> excluded);

} // namespace winnow
