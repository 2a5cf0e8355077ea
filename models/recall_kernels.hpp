#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of recall, vectorised like those of kernels.hpp: products of bytes that tell which rows of a
/// large table can be among the best, and exact products for those that can.
namespace winnow::kernels {

/// Table rows side by side in a tile of the screen.
inline constexpr std::size_t screen_width = 16;

/// Columns whose products are summed in 16 bits. Rows and queries are scaled so that such a sum fits.
inline constexpr std::size_t segment_columns = 128;

/// The greatest sum of squares of a row's bytes, and of a query's, over one segment: the product of two such
/// norms fits 16 bits.
inline constexpr std::int32_t segment_squares = 181 * 181;

/// The greatest byte of a row, and of a query: two products of a row's byte, which is stored with 128 added,
/// fit 16 bits.
inline constexpr float row_peak = 127, query_peak = 64;

/// A table of bytes, each with 128 added: `words[(tile * pairs + pair) * 16 + row]` holds a row's bytes of a
/// pair of columns, the first one in the low half.
struct screen_tiles {
  const std::uint16_t* words;
  std::size_t pairs;      ///< Columns / 2, rounded up.
  const float* scale;     ///< A row is about its bytes times this.
  const float* deviation; ///< At least the length of what that leaves over.
  const float* norm;      ///< At least the row's length.
};

/// A query in bytes, and how it weighs what the rows leave over.
struct screen_query {
  const std::int32_t* pairs;  ///< For each pair of columns their bytes, twice: b0 | b1 << 8 | b0 << 16 | …
  const std::uint16_t* start; ///< For each segment -128 times the sum of its bytes, modulo 2^16.
  float scale;                ///< The query is about its bytes times this.
  float deviation_weight;     ///< At least the length of the scaled bytes.
  float norm_weight;          ///< At least the length of what they leave over, and room for rounding.
};

/// Tiles that share a row of leads in `bound_tiles`.
inline constexpr std::size_t lead_tiles = 8;

/// An upper bound of the exact product of each query with each row of `tile_count` tiles from `first` on:
/// `bounds[q * stride + row]`, not a number where there is none. And, of every 8 tiles, the greatest lower
/// bounds among the rows that stand in the same place of their tile: `leads[q * stride / 8 + tiles / 8 * 16 +
/// place]`, minus infinity where there is none.
/// @param bounds,leads Aligned to 64 bytes; `stride` a multiple of 128.
void bound_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
                 std::size_t first, std::size_t tile_count, float* bounds, float* leads, std::size_t stride);

/// Writes the positions of all `values[0..count)` that are not below `limit` (what is no number is not) to
/// `positions` (room for `count`), rising.
/// @return How many there are.
std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions);

/// How many of `values[0..count)` are at least `limit`.
std::size_t count_not_below(const float* values, std::size_t count, float limit);

/// The inner product of `query` with each of `count` rows, summed in the order of the columns: a row's
/// product does not depend, not even in its last bit, on the others.
void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* products);

} // namespace winnow::kernels
