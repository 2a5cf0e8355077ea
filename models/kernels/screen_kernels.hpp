#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of a `row_screen`: products of bytes that show which rows of a large table can be among the
/// best. Vectorised like those of kernels.hpp.
namespace winnow::kernels {

/// Rows of a tile of the screen, side by side.
inline constexpr std::size_t screen_width = 16;

/// Columns whose bytes are side by side, because one processor instruction multiplies them together.
inline constexpr std::size_t quad = 4;

/// Tiles and rows of a block, which share one `screen_block`.
inline constexpr std::size_t block_tiles = 8, block_rows = block_tiles * screen_width;

/// How this processor can multiply bytes. Constant while the program runs.
struct screen_form {
  /// How many columns are summed in 16 bits before the result is added to a 32-bit sum. Each segment has two
  /// such sums: one for the first halves of its quads, one for the second halves. 0 if all columns are summed
  /// in 32 bits.
  std::size_t segment;
  /// The greatest absolute value of a query's bytes.
  float query_peak;
};

/// The greatest absolute value of a row's bytes, which are stored with 128 added.
inline constexpr float row_peak = 127;

/// If sums have 16 bits: the greatest allowed sum of squares of the bytes, of a row and of a query, whose
/// products go into one sum. The product of two such norms fits 16 bits.
inline constexpr std::int32_t most_squares = 181 * 181;

/// Whether `column` goes into the second of its segment's two sums.
constexpr bool in_second_sum(std::size_t column) noexcept {
  return column % quad >= quad / 2;
}

screen_form form_of_screens();

/// Marks rows that are excluded; no sum has this value. Every bar is at least this.
inline constexpr std::int16_t excluded_sum = -32768;

/// A table of bytes, each with 128 added: `bytes[((block * quads + q) * 128 + row) * 4 + c]` is the byte of a
/// block's row in column 4 q + c. It consists of whole blocks and is aligned to 64 bytes.
struct screen_tiles {
  const std::uint8_t* bytes;
  std::size_t quads; ///< Columns / 4, rounded up.
};

/// A query in bytes, and the weights with which it multiplies the errors of rows.
struct screen_query {
  /// The bytes of each quad of columns, the first one lowest.
  const std::int32_t* quads;
  /// The initial values of the sums: -128 times the sum of their bytes. One for all columns, or for each
  /// segment two of 16 bits, the first one lowest.
  const std::int32_t* starts;
  /// Sums are returned in units of 2^shift, rounded to the nearest, so that they fit 16 bits.
  int shift;
  /// A returned sum times this times the rows' scale estimates the product.
  float scale;
  /// At least the norm of the scaled bytes.
  float deviation_weight;
  /// At least the norm of the difference between the query and its scaled bytes, plus a margin for rounding.
  float norm_weight;
};

/// Scale and error bounds of a block's rows.
struct screen_block {
  /// The rows are approximately their bytes times this. All rows share it: otherwise one bar would rule out
  /// few rows.
  float scale;
  /// The greatest norm of the difference between a row and its scaled bytes, plus the loss by the sums' unit.
  float deviation;
  /// The greatest norm of a row.
  float norm;

  /// Returns how much the product of the query with any of the rows can differ from the estimate by its sum.
  float error(const screen_query& query) const noexcept {
    return deviation * query.deviation_weight + norm * query.norm_weight;
  }
};

/// Computes the sum of the products of each query's bytes with those of each row of `tile_count` tiles from
/// block `first` on: `sums[q * stride + row]`. Also computes the leads of each block, the greatest sums among
/// the rows in the same place of their tiles: `leads[q * stride / 8 + block * 16 + place]`.
/// @param sums,leads Aligned to 64 bytes; `stride` a multiple of 128.
void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride);

/// Converts the leads of `count` blocks to lower bounds of the products with the rows that have these sums.
/// @param leads,lower 16 per block; `leads` is aligned to 64 bytes.
void bound_leads(const screen_query& query, const screen_block* blocks, std::size_t count,
                 const std::int16_t* leads, float* lower);

/// Writes the positions of all sums that are not below their block's bar to `positions`, block by block.
/// Reads only those sums whose lead reaches the bar; of sums that were changed since the leads were computed,
/// it finds those that were made smaller.
/// @param sums,leads `block_count` × 128 and `block_count` × 16, as computed by `sum_tiles`, aligned to 64
/// bytes.
/// @param positions Has room for one position per sum.
/// @return The number of positions written.
std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* leads, const std::int16_t* bars,
                               std::size_t block_count, std::uint32_t* positions);

} // namespace winnow::kernels
