#pragma once

#include "models/recall/best_candidates.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/recall/screened_offer.hpp"
#include "models/recall/top_k.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// One user's query to the catalogue: the items whose embeddings have the largest inner products with `user`.
struct retrieval_query {
  gsl::span<const float> user;             ///< As wide as the item table.
  gsl::span<const std::uint32_t> excluded; ///< Items not to return, ascending; usually the history.
  std::size_t count = 0;                   ///< Number of items wanted.
};

/// Buffers of `retrieve`, one set per thread. They do not allocate once they have grown, except that a thread
/// that only assists gives `best` away.
struct retrieval_scratch {
  screened_queries queries;
  screened_sums sums;
  std::vector<std::uint32_t> excluded;   ///< Positions in the screen, ascending within each query.
  std::vector<std::size_t> end_excluded; ///< The end of each query's positions.
  std::vector<best_candidates> best;
};

class shared_retrieval;

/// Exact retrieval for a batch of users. Streams the table's screen of bytes once for all of them, then
/// computes the full scores of the items that may be among the best. Lists are in descending order of score,
/// equal scores by index. A list is shorter than `count` only if the catalogue has no more items.
/// @param shared Lets other threads help; null if none does.
/// @return One for each query, with its list in `found()`; valid until the next use of `work`.
gsl::span<const best_candidates> retrieve(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, retrieval_scratch& work,
                                          shared_retrieval* shared = nullptr);

} // namespace winnow
