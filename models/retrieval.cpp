#include "models/retrieval.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Blocks that are summed for all users before the best of their rows are looked for: the more, the better
/// the limit by which they are, but the sums should stay in the cache.
std::size_t blocks_at_once(std::size_t users) {
  constexpr std::size_t sums = std::size_t{1} << 17U; // 256 kB
  return std::max(std::min(sums / users, sums / 4) / kernels::block_rows, std::size_t{1});
}

/// Makes room for a batch, and turns what each query excludes into positions of the screen.
void prepare(const embedding_table& items, gsl::span<const retrieval_query> batch, retrieval_scratch& work) {
  work.queries.reset(items.screen(), batch.size());
  work.sums.resize(batch.size(), blocks_at_once(batch.size()));
  if (work.best.size() < batch.size())
    work.best.resize(batch.size());
  work.excluded.clear();
  work.end_excluded.clear();
  for (std::size_t q = 0; q < batch.size(); ++q) {
    work.queries.append(batch[q].user);
    work.best[q].reset(batch[q].count);
    const std::size_t begin = work.excluded.size();
    for (const auto item : batch[q].excluded)
      if (item < items.rows())
        work.excluded.push_back(items.position(item));
    std::sort(work.excluded.begin() + static_cast<std::ptrdiff_t>(begin), work.excluded.end());
    work.end_excluded.push_back(work.excluded.size());
  }
}

/// The positions of what a query excludes.
gsl::span<const std::uint32_t> excluded(std::size_t query, const retrieval_scratch& work) {
  const std::size_t begin = query == 0 ? 0 : work.end_excluded[query - 1];
  return {work.excluded.data() + begin, work.end_excluded[query] - begin};
}

/// Whether the rows from a block on are too short for all queries: they stand by falling length.
bool all_beaten(const row_screen& screen, std::size_t block, const retrieval_scratch& work) {
  const auto& queries = work.queries.all();
  for (std::size_t q = 0; q < queries.size(); ++q)
    if (!(screen.greatest_product(block, queries[q]) < work.best[q].limit()))
      return false;
  return true;
}

} // namespace

gsl::span<const best_candidates> retrieve(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, retrieval_scratch& work) {
  if (batch.empty())
    return {};
  prepare(items, batch, work);
  const auto& screen = items.screen();
  const auto& queries = work.queries.all();
  for (std::size_t first = 0; first < screen.rows(); first += work.sums.room) {
    if (all_beaten(screen, first / kernels::block_rows, work))
      break;
    const std::size_t rows = std::min(work.sums.room, screen.rows() - first);
    work.sums.compute(screen, queries, first, rows);
    for (std::size_t q = 0; q < batch.size(); ++q) {
      const std::size_t struck = work.sums.strike_out(q, excluded(q, work), first);
      offer_screened(screen, queries[q], q, struck, work.sums, work.best[q],
                     [&](std::size_t position) { return items.item_at(position); });
    }
  }
  for (std::size_t q = 0; q < batch.size(); ++q)
    work.best[q].finish(items, batch[q].user);
  return {work.best.data(), batch.size()};
}

} // namespace winnow
