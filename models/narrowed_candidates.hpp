#pragma once

#include "models/asking/item_choice.hpp"
#include "models/cascade.hpp"

namespace winnow {

/// Generates the candidates of a user whose wishes narrow the catalogue: like `generate_candidates`, but only
/// items that the wishes allow, so that the list is as long as if no other items existed. If few items are
/// allowed, it scores them all; else it searches for more and more items until enough of them are allowed.
ranked_list narrowed_candidates(const model_set& models, const user_context& user, std::size_t count,
                                cascade_scratch& work);

/// Finds the best `count` candidates besides those that are known already: more of LightGCN's, or more of the
/// most popular items. There must be wishes.
/// @return The known candidates as they are, and behind them the further ones, fewer if there are no more. In
///   their evidence, these only have a rank.
ranked_list further_candidates(const model_set& models, const user_context& user, const ranked_list& known,
                               std::size_t count, cascade_scratch& work);

/// The items that the wishes and the history leave out, ascending. There must be wishes.
std::vector<std::uint32_t> left_out_of(const user_context& user);

/// Of the best of a search for more than `count` items, returns the first `count` that are allowed and not
/// withheld. If these are too few, searches again, as below.
/// @param query That of the search.
std::vector<scored_item> first_allowed(const model_set& models, const item_choice* allowed,
                                       std::vector<scored_item> found, retrieval_query query,
                                       std::size_t count, cascade_scratch& work);

/// How many of the best items to look for, so that on average `count` of them are allowed and not withheld.
std::size_t widened(const model_set& models, const item_choice* allowed, std::size_t count);

/// Finds the items with the largest inner products with a query's vector among those that are allowed and not
/// withheld, in the same way.
/// @param allowed Null: all items.
std::vector<scored_item> best_allowed(const model_set& models, const item_choice* allowed,
                                      const retrieval_query& query, cascade_scratch& work);

} // namespace winnow
