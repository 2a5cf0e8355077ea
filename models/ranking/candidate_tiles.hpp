#pragma once

#include "models/kernels/kernels.hpp"
#include "models/ranking/ranking_query.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <gsl/span>

namespace winnow {

/// Some of a query's candidates, in successive columns of a tile.
struct candidate_run {
  std::size_t query = 0; ///< The query's index in the batch.
  std::size_t first = 0; ///< Index of the first of these candidates in the query.
  kernels::column_range columns;
};

/// A tile of candidates.
struct candidate_tile {
  std::size_t count = 0; ///< Number of columns in use, from the first one on.
  std::size_t run_count = 0;
  std::uint32_t items[kernels::tile_width];
  candidate_run all_runs[kernels::tile_width]; // each has at least one column

  gsl::span<const candidate_run> runs() const { return {all_runs, run_count}; }

  /// Adds as many of the candidates from `first` on as fit, at least one.
  /// @return The number of candidates added.
  std::size_t take(gsl::span<const std::uint32_t> candidates, std::size_t query, std::size_t first) {
    const std::size_t taken = std::min(kernels::tile_width - count, candidates.size() - first);
    std::copy_n(candidates.begin() + static_cast<std::ptrdiff_t>(first), taken, items + count);
    all_runs[run_count++] = {query, first, {count, count + taken}};
    count += taken;
    return taken;
  }
};

/// Runs `body(tile)` for tiles that hold all candidates of a batch, in order. The candidates of the next
/// query follow those of the previous one in the same tile. In separate tiles, 100 candidates would leave an
/// eighth of their vectors empty, and 50 a quarter.
template<class Body>
void in_candidate_tiles(gsl::span<const ranking_query> batch, const Body& body) {
  candidate_tile tile;
  for (std::size_t q = 0; q < batch.size(); ++q)
    for (std::size_t first = 0; first < batch[q].candidates.size();) {
      first += tile.take(batch[q].candidates, q, first);
      if (tile.count < kernels::tile_width)
        continue;
      body(tile);
      tile.count = tile.run_count = 0;
    }
  if (tile.count > 0)
    body(tile);
}

/// Writes the scores of a tile's columns to the queries that the columns belong to.
inline void write_scores(const candidate_tile& tile, const float* scores,
                         gsl::span<const ranking_query> batch) {
  for (const auto& run : tile.runs())
    std::copy(scores + run.columns.first, scores + run.columns.end,
              batch[run.query].scores.begin() + static_cast<std::ptrdiff_t>(run.first));
}

} // namespace winnow
