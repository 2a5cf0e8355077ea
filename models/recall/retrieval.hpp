#pragma once

#include "models/recall/best_candidates.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/recall/screened_offer.hpp"
#include "models/recall/top_k.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// One user's question to the catalogue: the items whose embeddings have the largest inner product with
/// `user`.
struct retrieval_query {
  gsl::span<const float> user;             ///< As wide as the item table.
  gsl::span<const std::uint32_t> excluded; ///< Items not to be returned, rising; the history as a rule.
  std::size_t count = 0;                   ///< How many are wanted.
};

/// Buffers that `retrieve` works in: one a thread, reused without allocation once they have grown. Who only
/// helps gives `best` away.
struct retrieval_scratch {
  screened_queries queries;
  screened_sums sums;
  std::vector<std::uint32_t> excluded;   ///< Positions in the screen, each query's rising.
  std::vector<std::size_t> end_excluded; ///< Where each query's end.
  std::vector<best_candidates> best;
};

class shared_retrieval;

/// Exact retrieval for a batch of users: the table's screen of bytes is streamed once for all of them, and
/// what may be among the best by that is scored in full. Falling score, equal scores by index; fewer than
/// `count` only when the catalogue has no more.
/// @param shared Lets others help; null: nobody does.
/// @return One for each query, with its list in `found()`; valid until the scratch is used again.
gsl::span<const best_candidates> retrieve(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, retrieval_scratch& work,
                                          shared_retrieval* shared = nullptr);

} // namespace winnow
