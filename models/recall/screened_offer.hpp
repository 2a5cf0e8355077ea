#pragma once

#include "models/recall/best_candidates.hpp"
#include "models/recall/row_screen.hpp"

#include <algorithm>
#include <cstdint>
#include <gsl/span>
#include <limits>
#include <vector>

namespace winnow {

/// The sums of some blocks of a screen for a batch of queries, and the buffers to evaluate them. Does not
/// allocate once the buffers have grown.
struct screened_sums {
  using aligned_sums = std::vector<std::int16_t, cache_line_allocator<std::int16_t>>;

  std::size_t room = 0;            ///< Capacity in sums per query, a multiple of 128.
  std::size_t first = 0, rows = 0; ///< The rows of the screen that were summed last.
  aligned_sums sums, leads;
  std::vector<float> lower;
  std::vector<std::int16_t> bars;
  std::vector<std::uint32_t> positions;

  void resize(std::size_t queries, std::size_t blocks) {
    room = blocks * kernels::block_rows;
    const auto grow = [](auto& buffer, std::size_t size) { buffer.resize(std::max(buffer.size(), size)); };
    grow(sums, queries * room);
    grow(leads, queries * room / kernels::block_tiles);
    grow(lower, room / kernels::block_tiles);
    grow(bars, blocks);
    grow(positions, room);
  }

  /// Sums the `count` rows from position `from` on.
  /// @param from A multiple of 128.
  /// @param count At most `room`.
  void compute(const row_screen& screen, gsl::span<const kernels::screen_query> queries, std::size_t from,
               std::size_t count) {
    first = from;
    rows = count;
    kernels::sum_tiles(queries.data(), queries.size(), screen.tiles(), first / kernels::block_rows,
                       (rows + kernels::screen_width - 1) / kernels::screen_width, sums.data(), leads.data(),
                       room);
  }

  std::int16_t* of(std::size_t query) { return sums.data() + query * room; }
  const std::int16_t* leads_of(std::size_t query) const {
    return leads.data() + query * room / kernels::block_tiles;
  }

  /// Strikes out the summed rows that are at one of the `places`. The first summed row is at place `begin`.
  /// @param places In ascending order.
  /// @return The number of rows struck out.
  std::size_t strike_out(std::size_t query, gsl::span<const std::uint32_t> places, std::size_t begin) {
    const std::uint32_t* const end = places.data() + places.size();
    const std::uint32_t* place = std::lower_bound(places.data(), end, begin);
    std::size_t struck = 0;
    for (; place != end && *place < begin + rows; ++place, ++struck)
      of(query)[*place - begin] = kernels::excluded_sum;
    return struck;
  }
};

/// Offers `best` those of the summed rows that may be among the query's best.
/// @param at The query's index in the batch.
/// @param struck The number of the query's sums that were struck out.
/// @param item_of Returns the item at a position of the screen.
template<class ItemOf>
void offer_screened(const row_screen& screen, const kernels::screen_query& query, std::size_t at,
                    std::size_t struck, screened_sums& work, best_candidates& best, const ItemOf& item_of) {
  using kernels::block_rows;
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  const std::size_t rows = work.rows, first_block = work.first / block_rows;
  const std::size_t blocks = (rows + block_rows - 1) / block_rows;
  // Whole blocks only: the last block may have places without a row.
  const std::size_t leads = rows / block_rows * kernels::screen_width;
  screen.bound_leads(query, first_block, {work.leads_of(at), leads}, work.lower.data());
  best.expect({work.lower.data(), leads}, struck);
  screen.set_bars(query, first_block, best.limit(), {work.bars.data(), blocks});
  const std::int16_t* const sums = work.of(at);
  const std::size_t found =
      kernels::positions_reaching(sums, work.leads_of(at), work.bars.data(), blocks, work.positions.data());
  for (std::size_t i = 0; i < found; ++i) {
    const std::size_t row = work.positions[i], position = work.first + row;
    if (row >= rows || sums[row] == kernels::excluded_sum) // the last block may have places without a row
      continue;
    const float estimate = screen.estimate(position, query, sums[row]);
    const float error = screen.error(position, query);
    const float upper = estimate + error, lower = estimate - error;
    if (!(upper < best.limit()))
      best.add(item_of(position), upper, lower > lowest ? lower : lowest);
  }
}

} // namespace winnow
