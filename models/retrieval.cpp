#include "models/retrieval.hpp"

#include "models/screened_offer.hpp"

#include <algorithm>
#include <limits>

namespace winnow {

namespace {

constexpr float lowest = -std::numeric_limits<float>::infinity();

// Rows of a block are a multiple of this.
constexpr std::size_t block_step = kernels::lead_tiles * kernels::screen_width;

/// Rows that are bounded for all users before the best of them are looked for: the more, the better the limit
/// by which they are, but the bounds should stay in the cache.
std::size_t rows_of_block(std::size_t users) {
  constexpr std::size_t bounds = std::size_t{1} << 18U; // 1 MB
  return std::max(std::min(bounds / users, bounds / 8) / block_step, std::size_t{1}) * block_step;
}

/// Strikes out the bounds of what is excluded; `excluded` then begins behind the block.
std::size_t exclude(gsl::span<const std::uint32_t>& excluded, std::size_t first_item, std::size_t count,
                    float* bounds) {
  std::size_t struck = 0;
  for (; struck < excluded.size() && excluded[struck] < first_item + count; ++struck)
    bounds[excluded[struck] - first_item] = lowest;
  excluded = excluded.subspan(struck);
  return struck;
}

} // namespace

gsl::span<const best_candidates> retrieve(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, retrieval_scratch& work) {
  if (batch.empty())
    return {};
  const auto& screen = items.screen();
  const std::size_t block_rows = rows_of_block(batch.size());
  work.queries.reset(screen, batch.size());
  work.bounds.resize(batch.size() * block_rows);
  work.leads.resize(work.bounds.size() / kernels::lead_tiles);
  work.positions.resize(block_rows);
  if (work.best.size() < batch.size())
    work.best.resize(batch.size());
  std::vector<gsl::span<const std::uint32_t>> excluded;
  for (std::size_t q = 0; q < batch.size(); ++q) {
    work.queries.append(batch[q].user);
    work.best[q].reset(batch[q].count);
    excluded.push_back(batch[q].excluded);
  }
  const auto& queries = work.queries.all();
  for (std::size_t first = 0; first < items.rows(); first += block_rows) {
    const std::size_t rows = std::min(block_rows, items.rows() - first);
    const std::size_t tiles = (rows + kernels::screen_width - 1) / kernels::screen_width;
    kernels::bound_tiles(queries.data(), queries.size(), screen.tiles(), first / kernels::screen_width, tiles,
                         work.bounds.data(), work.leads.data(), block_rows);
    const std::size_t leads = (tiles + kernels::lead_tiles - 1) / kernels::lead_tiles * kernels::screen_width;
    for (std::size_t q = 0; q < batch.size(); ++q) {
      float* const bounds = work.bounds.data() + q * block_rows;
      const std::size_t struck = exclude(excluded[q], first, rows, bounds);
      work.best[q].expect({work.leads.data() + q * block_rows / kernels::lead_tiles, leads}, struck);
      offer_screened(screen, queries[q], first, {bounds, rows}, work.positions.data(), work.best[q],
                     [first](std::size_t position) { return static_cast<std::uint32_t>(first + position); });
    }
  }
  for (std::size_t q = 0; q < batch.size(); ++q)
    work.best[q].finish(items, batch[q].user);
  return {work.best.data(), batch.size()};
}

} // namespace winnow
