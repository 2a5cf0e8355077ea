#pragma once

#include "models/recall/retrieval.hpp"

#include <atomic>
#include <cstddef>
#include <gsl/span>

/// The steps of a retrieval, for the thread that leads it and the threads that help.
namespace winnow {

/// Converts the items that each query excludes to positions of the screen, and the queries to bytes.
void prepare_queries(const embedding_table& items, gsl::span<const retrieval_query> batch,
                     retrieval_scratch& work);

/// Makes room for the results of a batch.
/// @param blocks Blocks of the screen per piece.
void prepare_results(gsl::span<const retrieval_query> batch, std::size_t blocks, retrieval_scratch& work);

/// Takes the rows that are left, a piece at a time, and offers `work.best` those that may be among the best.
/// Once one thread finds that all further rows are too short, it leaves none for the other threads either.
/// @param prepared The queries, perhaps another thread's.
/// @param next_row The first row that no thread has taken.
void search_pieces(const embedding_table& items, const retrieval_scratch& prepared,
                   std::atomic<std::size_t>& next_row, retrieval_scratch& work);

} // namespace winnow
