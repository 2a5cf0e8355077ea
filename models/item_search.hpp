#pragma once

#include "models/model_set.hpp"
#include "models/recall/approximate_index.hpp"
#include "models/recall/retrieval.hpp"

#include <vector>

namespace winnow {

class shared_retrieval;

/// Buffers of one thread that searches.
struct item_search_scratch {
  retrieval_scratch& exact;
  index_scratch& index;
  retrieval_scratch& adopted;
};

/// Finds the items with the largest inner products for each query: among the trained items, in the
/// approximate index if there is one, and among the adopted ones.
/// @param shared Lets other threads help with an exact search; null if none may.
/// @return A list for each query, best first.
std::vector<std::vector<scored_item>> search_items(const model_set& models,
                                                   gsl::span<const retrieval_query> queries,
                                                   item_search_scratch work, shared_retrieval* shared);

} // namespace winnow
