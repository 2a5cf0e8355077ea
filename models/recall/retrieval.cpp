#include "models/recall/retrieval.hpp"

#include "models/recall/retrieval_pieces.hpp"
#include "models/recall/shared_retrieval.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Returns how many blocks are summed for all users before the best of their rows are selected. More blocks
/// give a better limit for the selection, but the sums should stay in the cache.
std::size_t blocks_at_once(std::size_t users) {
  constexpr std::size_t sums = std::size_t{1} << 17U; // 256 kB
  return std::max(std::min(sums / users, sums / 4) / kernels::block_rows, std::size_t{1});
}

void search_alone(const embedding_table& items, gsl::span<const retrieval_query> batch,
                  retrieval_scratch& work) {
  prepare_results(batch, blocks_at_once(batch.size()), work);
  std::atomic<std::size_t> next_row{0};
  search_pieces(items, work, next_row, work);
}

} // namespace

gsl::span<const best_candidates> retrieve(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, retrieval_scratch& work,
                                          shared_retrieval* shared) {
  if (batch.empty())
    return {};
  prepare_queries(items, batch, work);
  if (shared == nullptr || !shared->lead(items, batch, work))
    search_alone(items, batch, work);
  for (std::size_t q = 0; q < batch.size(); ++q)
    work.best[q].finish(items, batch[q].user);
  return {work.best.data(), batch.size()};
}

} // namespace winnow
