#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of a `row_screen`: products of bytes that tell which rows of a large table can be among the
/// best. Vectorised like those of kernels.hpp.
namespace winnow::kernels {

/// Table rows side by side in a tile of the screen.
inline constexpr std::size_t screen_width = 16;

/// Tiles of a block, and its rows: what holds for all of these is kept once.
inline constexpr std::size_t block_tiles = 8, block_rows = block_tiles * screen_width;

/// The greatest sum of squares of a row's bytes, and of a query's: the product of two such norms fits 16
/// bits.
inline constexpr std::int32_t most_squares = 181 * 181;

/// The greatest byte of a row, and of a query: two products of a row's byte, which is stored with 128 added,
/// fit 16 bits.
inline constexpr float row_peak = 127, query_peak = 64;

/// What no sum is: it marks rows that are not asked for. Every bar is at least this.
inline constexpr std::int16_t struck_out = -32768;

/// A table of bytes, each with 128 added: `words[(tile * pairs + pair) * 16 + row]` holds a row's bytes of a
/// pair of columns, the first one in the low half.
struct screen_tiles {
  const std::uint16_t* words;
  std::size_t pairs; ///< Columns / 2, rounded up.
};

/// A query in bytes, and how it weighs what the rows leave over.
struct screen_query {
  const std::int32_t* pairs; ///< For each pair of columns their bytes, twice: b0 | b1 << 8 | b0 << 16 | …
  std::uint16_t start;       ///< -128 times the sum of its bytes, modulo 2^16.
  float scale;               ///< The query is about its bytes times this.
  float deviation_weight;    ///< At least the length of the scaled bytes.
  float norm_weight;         ///< At least the length of what they leave over, and room for rounding.
};

/// The sum of the products of each query's bytes with those of each row of `tile_count` tiles from `first`
/// on: `sums[q * stride + row]`. And, of every block, the greatest sums among the rows that stand in the same
/// place of their tile: `leads[q * stride / 8 + block * 16 + place]`.
/// @param sums,leads Aligned to 64 bytes; `stride` a multiple of 128.
void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride);

/// Writes the positions of all sums that are not below their block's bar to `positions`, rising.
/// @param sums `block_count` × 128, aligned to 64 bytes.
/// @param positions Room for one a sum.
/// @return How many there are.
std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* bars, std::size_t block_count,
                               std::uint32_t* positions);

} // namespace winnow::kernels
