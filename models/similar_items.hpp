#pragma once

#include "models/asking/item_choice.hpp"
#include "models/model_set.hpp"
#include "models/ranked_list.hpp"
#include "models/recall/screened_offer.hpp"
#include "models/recall/top_k.hpp"

#include <gsl/span>
#include <vector>

namespace winnow {

/// Buffers of one thread that looks for similar items.
struct similar_items_scratch {
  std::vector<float> directions;     ///< The unit embeddings of all queries.
  std::vector<top_k> nearest;        ///< One per query.
  std::vector<std::size_t> searched; ///< The queries whose item has a direction.
  screened_queries queries;          ///< One per searched query.
  screened_sums sums;
  std::vector<std::uint32_t> found; ///< Rows that may be among the nearest.
  std::vector<const float*> rows;   ///< Their embeddings.
  std::vector<float> products;      ///< With the query.
};

/// Whose similar items are wanted.
struct similar_query {
  std::uint32_t item = 0;               ///< Index of the catalogue, trained or adopted.
  const item_choice* allowed = nullptr; ///< The items that may be returned; null: all.
};

/// Finds the items that are similar to each of `items`, from two sources:
/// - the embeddings: the `count` items with the largest cosines above 0, trained and adopted ones, found
///   exactly. Reads the screens of both tables once for the whole batch, and the embeddings of those rows
///   whose cosines, by the bounds of the screen, may be among the best. If several items are equally near at
///   the end of a list, it has any of them.
/// - the transitions, if the models have them: the `count` items that follow the item most.
///
/// The lists are merged without duplicates and ordered by `similarity`; in case of equality, those that the
/// embeddings found are first. The item itself is in none of them, nor
/// are items that are withheld or not allowed. `score` is the cosine, or 0 if
/// `evidence.recall_rank` is `no_rank`.
/// @param transitions Buffers for the transitions.
/// @return A list for each item: at most `count` items, with evidence.
std::vector<ranked_list> similar_items(const model_set& models, gsl::span<const similar_query> items,
                                       std::size_t count, similar_items_scratch& work,
                                       transition_scratch& transitions);

/// How high an item is in the lists of both sources, from 0 to 1: `fused_rank` with the models' weight of
/// the transitions.
float similarity(const model_set& models, const candidate_evidence& evidence) noexcept;

} // namespace winnow
