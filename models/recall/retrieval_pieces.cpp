#include "models/recall/retrieval_pieces.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Returns the positions of the items that a query excludes.
gsl::span<const std::uint32_t> excluded(std::size_t query, const retrieval_scratch& work) {
  const std::size_t begin = query == 0 ? 0 : work.end_excluded[query - 1];
  return {work.excluded.data() + begin, work.end_excluded[query] - begin};
}

/// Whether all rows from a block on are too short for all queries: rows are in descending order of length.
bool all_beaten(const row_screen& screen, std::size_t block, gsl::span<const kernels::screen_query> queries,
                gsl::span<const best_candidates> best) {
  for (std::size_t q = 0; q < queries.size(); ++q)
    if (!(screen.greatest_product(block, queries[q]) < best[q].limit()))
      return false;
  return true;
}

} // namespace

void prepare_queries(const embedding_table& items, gsl::span<const retrieval_query> batch,
                     retrieval_scratch& work) {
  work.queries.reset(items.screen(), batch.size());
  work.excluded.clear();
  work.end_excluded.clear();
  for (const auto& query : batch) {
    work.queries.append(query.user);
    const std::size_t begin = work.excluded.size();
    for (const auto item : query.excluded)
      if (item < items.rows())
        work.excluded.push_back(items.position(item));
    std::sort(work.excluded.begin() + static_cast<std::ptrdiff_t>(begin), work.excluded.end());
    work.end_excluded.push_back(work.excluded.size());
  }
}

void prepare_results(gsl::span<const retrieval_query> batch, std::size_t blocks, retrieval_scratch& work) {
  work.sums.resize(batch.size(), blocks);
  if (work.best.size() < batch.size())
    work.best.resize(batch.size());
  for (std::size_t q = 0; q < batch.size(); ++q)
    work.best[q].reset(batch[q].count);
}

void search_pieces(const embedding_table& items, const retrieval_scratch& prepared,
                   std::atomic<std::size_t>& next_row, retrieval_scratch& work) {
  const auto& screen = items.screen();
  const auto& queries = prepared.queries.all();
  const std::size_t piece = work.sums.room;
  for (std::size_t first = next_row.fetch_add(piece); first < screen.rows();
       first = next_row.fetch_add(piece)) {
    if (all_beaten(screen, first / kernels::block_rows, queries, work.best)) {
      next_row = screen.rows();
      break;
    }
    const std::size_t rows = std::min(piece, screen.rows() - first);
    work.sums.compute(screen, queries, first, rows);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      const std::size_t struck = work.sums.strike_out(q, excluded(q, prepared), first);
      offer_screened(screen, queries[q], q, struck, work.sums, work.best[q],
                     [&](std::size_t position) { return items.item_at(position); });
    }
  }
}

} // namespace winnow
