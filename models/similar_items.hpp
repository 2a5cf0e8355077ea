#pragma once

#include "models/model_set.hpp"
#include "models/ranked_list.hpp"
#include "models/recall/top_k.hpp"

#include <gsl/span>
#include <vector>

namespace winnow {

/// Buffers of one thread that looks for similar items.
struct similar_items_scratch {
  std::vector<float> directions;  ///< The unit embeddings of all queries.
  std::vector<top_k> nearest;     ///< One per query.
  std::vector<const float*> rows; ///< Those of a block, as are the next three.
  std::vector<float> inverse_norms, cosines;
  std::vector<std::uint32_t> above; ///< Positions of cosines above the threshold.
};

/// Finds the items that are similar to each of `items`, from two sources:
/// - the embeddings: the `count` items with the largest cosines above 0, trained and adopted ones, found
///   exactly. Streams all embeddings once for the whole batch: about 15 ms for a million items, and 3 ms more
///   for each further query.
/// - the transitions, if the models have them: the `count` items that follow the item most.
///
/// The lists are merged without duplicates and ordered by `similarity`; in case of equality, those that the
/// embeddings found are first. The item itself is in none of them. `score` is the cosine, or 0 if
/// `evidence.recall_rank` is `no_rank`.
/// @param items Indices of the catalogue, trained or adopted.
/// @param transitions Buffers for the transitions.
/// @return A list for each item: at most `count` items, with evidence.
std::vector<ranked_list> similar_items(const model_set& models, gsl::span<const std::uint32_t> items,
                                       std::size_t count, similar_items_scratch& work,
                                       transition_scratch& transitions);

/// How high an item is in the lists of both sources, from 0 to 1: `fused_rank` with the models' weight of
/// the transitions.
float similarity(const model_set& models, const candidate_evidence& evidence) noexcept;

} // namespace winnow
