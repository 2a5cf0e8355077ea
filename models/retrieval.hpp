#pragma once

#include "models/panel_table.hpp"
#include "models/top_k.hpp"

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

/// Buffers that `retrieve` works in: one a thread, reused without allocation once they have grown.
struct retrieval_scratch {
  aligned_floats users, scores;
  std::vector<std::uint32_t> positions;
  std::vector<top_k> best;
};

/// Exact retrieval for a batch of users: the table is streamed once for all of them, and the whole score
/// matrix is never written. Falling score, equal scores by index; fewer than `count` only when the catalogue
/// has no more.
/// @return One list a query, valid until the scratch is used again.
gsl::span<top_k> retrieve(const panel_table& items, gsl::span<const retrieval_query> batch,
                          retrieval_scratch& work);

} // namespace winnow
