#include "models/retrieval.hpp"

#include "models/kernels.hpp"

#include <algorithm>

namespace winnow {

namespace {

void offer_block(const retrieval_query& query, const float* scores, std::size_t first_item, std::size_t count,
                 std::vector<std::uint32_t>& positions, top_k& best) {
  const std::size_t above = kernels::positions_above(scores, count, best.threshold(), positions.data());
  for (std::size_t i = 0; i < above; ++i) {
    const scored_item candidate{static_cast<std::uint32_t>(first_item + positions[i]), scores[positions[i]]};
    if (!std::binary_search(query.excluded.begin(), query.excluded.end(), candidate.item))
      best.offer(candidate);
  }
}

} // namespace

gsl::span<top_k> retrieve(const panel_table& items, gsl::span<const retrieval_query> batch,
                          retrieval_scratch& work) {
  const std::size_t width = items.width();
  constexpr std::size_t block_rows =
      panel_table::block_rows; // for 32 users 128 KB of scores: the second-level cache
  work.users.resize(batch.size() * width);
  work.scores.resize(batch.size() * block_rows);
  work.positions.resize(block_rows);
  if (work.best.size() < batch.size())
    work.best.resize(batch.size());
  for (std::size_t q = 0; q < batch.size(); ++q) {
    std::copy(batch[q].user.begin(), batch[q].user.end(),
              work.users.begin() + static_cast<std::ptrdiff_t>(q * width));
    work.best[q].reset(batch[q].count);
  }
  for (std::size_t block = 0; !batch.empty() && block < items.block_count(); ++block) {
    const std::size_t rows = items.rows_of_block(block);
    kernels::score_tiles(work.users.data(), batch.size(), width, items.block(block), kernels::tiles(rows),
                         work.scores.data(), block_rows);
    for (std::size_t q = 0; q < batch.size(); ++q)
      offer_block(batch[q], work.scores.data() + q * block_rows, block * block_rows, rows, work.positions,
                  work.best[q]);
  }
  return {work.best.data(), batch.size()};
}

} // namespace winnow
