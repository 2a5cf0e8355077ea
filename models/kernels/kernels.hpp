#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops, vectorised for what the processor offers (chosen at run time, x86-64-v2 to AVX-512 and
/// NEON).
///
/// Everything works on *tiles*: 32 columns (items) side by side, one row a feature or channel, `tile[row * 32
/// + column]`. Each column is summed by itself, in the order of the rows, so an item's score never depends,
/// not even in its last bit, on which other items or requests share the call. Where only some of a tile's
/// columns are wanted, the others of `out` keep what they have.
namespace winnow::kernels {

/// Columns of a tile: two vectors of the widest kind, as what is loaded for one serves the other as well.
inline constexpr std::size_t tile_width = 32;

/// The number of tiles that hold `columns` columns.
constexpr std::size_t tiles(std::size_t columns) noexcept {
  return (columns + tile_width - 1) / tile_width;
}

/// Some columns of a tile: from `first` to before `end`.
struct column_range {
  std::size_t first = 0;
  std::size_t end = tile_width;

  /// The first `count` ones.
  static constexpr column_range first_of(std::size_t count) noexcept { return {0, count}; }
};

enum class activation { none, relu };

/// out[r][c] = act(bias[r] + sum_k weights[r * depth + k] * in[k][c]) for one tile.
/// @param bias One value a row, or null for zeros.
/// @param in,out Tiles of `depth` and `rows` rows, aligned to 64 bytes, not overlapping.
void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out, column_range columns = {});

/// Puts `count` rows (at most 32) of `width` numbers into the columns of a tile; the other columns become
/// zeros.
void rows_to_tile(const float* const* rows, std::size_t count, std::size_t width, float* tile);

/// sum[k] = the sum over `count` rows of row[k], in their order. `sum` may be one of the rows.
void sum_rows(const float* const* rows, std::size_t count, std::size_t width, float* sum);

/// out[r] = start[r] + sum_k columns[k * stride + r] * vector[k], for all r below `stride`: a matrix, stored
/// by columns, times a vector.
/// @param stride A multiple of 32; columns, start and out are aligned to 64 bytes.
void multiply_vector(const float* columns, std::size_t stride, std::size_t depth, const float* start,
                     const float* vector, float* out);

/// The name of the instruction set in use, e.g. `AVX2`: for the log.
const char* instruction_set();

} // namespace winnow::kernels
