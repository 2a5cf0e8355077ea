#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of a `row_screen`: products of bytes that tell which rows of a large table can be among the
/// best. Vectorised like those of kernels.hpp.
namespace winnow::kernels {

/// Table rows side by side in a tile of the screen.
inline constexpr std::size_t screen_width = 16;

/// Columns whose bytes stand side by side: one product of the processor's takes them together.
inline constexpr std::size_t quad = 4;

/// Tiles of a block, and its rows: what holds for all of these is kept once.
inline constexpr std::size_t block_tiles = 8, block_rows = block_tiles * screen_width;

/// What bytes the processor at hand can multiply. The same for as long as the program runs.
struct screen_form {
  /// So many columns are summed in 16 bits, each quad's first half and its second half for themselves, before
  /// both go into a sum of 32 bits. 0: all are summed in 32 bits.
  std::size_t segment;
  /// The greatest byte of a query.
  float query_peak;
};

/// The greatest byte of a row, which is stored with 128 added.
inline constexpr float row_peak = 127;

/// Where sums have 16 bits: the greatest sum of squares of the bytes, of a row and of a query, that go into
/// one. The product of two such norms fits 16 bits.
inline constexpr std::int32_t most_squares = 181 * 181;

/// Whether column `column` goes into the second of a segment's two sums.
constexpr bool in_second_sum(std::size_t column) noexcept {
  return column % quad >= quad / 2;
}

screen_form form_of_screens();

/// What no sum is: it marks rows that are not asked for. Every bar is at least this.
inline constexpr std::int16_t struck_out = -32768;

/// A table of bytes, each with 128 added: `bytes[((block * quads + q) * 128 + row) * 4 + c]` is the byte of a
/// block's row in column 4 q + c. Whole blocks, aligned to 64 bytes.
struct screen_tiles {
  const std::uint8_t* bytes;
  std::size_t quads; ///< Columns / 4, rounded up.
};

/// A query in bytes, and how it weighs what the rows leave over.
struct screen_query {
  const std::int32_t* quads;  ///< For each quad of columns its bytes, the first one lowest.
  const std::int32_t* starts; ///< What the sums begin with, -128 times that of their bytes: of all, or for
                              ///< each segment two of 16 bits, the first one lowest.
  int shift;                  ///< Sums are told in units of 2^shift, to the nearest: then they fit 16 bits.
  float scale;                ///< A sum that is told is worth this times the row's scale.
  float deviation_weight;     ///< At least the length of the scaled bytes.
  float norm_weight;          ///< At least the length of what they leave over, and room for rounding.
};

/// What the bytes of a block's rows leave open.
struct screen_block {
  float scale; ///< The rows are about their bytes times this. One for all: else one bar would rule out few.
  float deviation; ///< The greatest length of what they leave over, and of what sums lose by their unit.
  float norm;      ///< The greatest length of a row.

  /// By how much the product of the query with one of the rows can differ from what its sum tells.
  float error(const screen_query& query) const noexcept {
    return deviation * query.deviation_weight + norm * query.norm_weight;
  }
};

/// The sum of the products of each query's bytes with those of each row of `tile_count` tiles from the block
/// `first` on: `sums[q * stride + row]`. And, of every block, the greatest sums among the rows that stand in
/// the same place of their tile: `leads[q * stride / 8 + block * 16 + place]`.
/// @param sums,leads Aligned to 64 bytes; `stride` a multiple of 128.
void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride);

/// What the leads of `count` blocks promise: lower bounds of the products with the rows that they are of.
/// @param leads,lower 16 a block; `leads` aligned to 64 bytes.
void bound_leads(const screen_query& query, const screen_block* blocks, std::size_t count,
                 const std::int16_t* leads, float* lower);

/// Writes the positions of all sums that are not below their block's bar to `positions`, rising.
/// @param sums `block_count` × 128, aligned to 64 bytes.
/// @param positions Room for one a sum.
/// @return How many there are.
std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* bars, std::size_t block_count,
                               std::uint32_t* positions);

} // namespace winnow::kernels
