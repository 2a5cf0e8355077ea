#pragma once

#include "models/recall/retrieval.hpp"

#include <atomic>
#include <cstddef>
#include <gsl/span>

/// What a retrieval consists of, for the thread that makes it and those that help.
namespace winnow {

/// Turns what each query excludes into positions of the screen, and the queries into bytes.
void prepare_queries(const embedding_table& items, gsl::span<const retrieval_query> batch,
                     retrieval_scratch& work);

/// Makes room for what a batch finds.
/// @param blocks Of the screen, that a piece has.
void prepare_results(gsl::span<const retrieval_query> batch, std::size_t blocks, retrieval_scratch& work);

/// Offers `work.best` what may be among the best of the rows that are left, a piece at a time. Once one
/// thread knows that all further rows are too short, none is left for the others either.
/// @param prepared The queries, perhaps another thread's.
/// @param next_row The first row that nobody has taken.
void search_pieces(const embedding_table& items, const retrieval_scratch& prepared,
                   std::atomic<std::size_t>& next_row, retrieval_scratch& work);

} // namespace winnow
