#pragma once

#include "models/asking/item_choice.hpp"
#include "models/cascade.hpp"

namespace winnow {

/// Generates the candidates of a user whose wishes narrow the catalogue: like `generate_candidates`, but only
/// items that the wishes allow, so that the list is as long as if no other items existed. If few items are
/// allowed, it scores them all; else it searches for more and more items until enough of them are allowed.
ranked_list narrowed_candidates(const model_set& models, const user_context& user, std::size_t count,
                                cascade_scratch& work);

/// Finds the items with the largest inner products with a query's vector among those that are allowed and not
/// withheld, in the same way.
/// @param allowed Null: all items.
std::vector<scored_item> best_allowed(const model_set& models, const item_choice* allowed,
                                      const retrieval_query& query, cascade_scratch& work);

} // namespace winnow
