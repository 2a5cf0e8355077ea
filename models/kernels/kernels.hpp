#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of the models, vectorised for the processor's instruction set, which is chosen at run time
/// (x86-64-v2 to AVX-512, and NEON).
///
/// Most functions work on *tiles*: 32 columns (items) side by side, with one row per feature or channel. An
/// element is at `tile[row * 32 + column]`. Each column is summed separately, in the order of the rows. So an
/// item's score never depends, not even in its last bit, on which other items or requests share the call. If
/// only some columns of a tile are requested, the other columns of `out` keep their values.
namespace winnow::kernels {

/// Columns of a tile: two vectors of the widest kind, which share the inputs that are loaded for them.
inline constexpr std::size_t tile_width = 32;

/// Returns the number of tiles needed for `columns` columns.
constexpr std::size_t tiles(std::size_t columns) noexcept {
  return (columns + tile_width - 1) / tile_width;
}

/// The columns [first, end) of a tile.
struct column_range {
  std::size_t first = 0;
  std::size_t end = tile_width;

  /// The first `count` columns.
  static constexpr column_range first_of(std::size_t count) noexcept { return {0, count}; }
};

enum class activation { none, relu };

/// out[r][c] = act(bias[r] + sum_k weights[r * depth + k] * in[k][c]) for one tile.
/// @param bias One value per row, or null for zeros.
/// @param in,out Tiles of `depth` and `rows` rows, aligned to 64 bytes, not overlapping.
void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out, column_range columns = {});

/// Copies `count` rows (at most 32) of `width` numbers into the columns of a tile; the other columns become
/// zeros.
void rows_to_tile(const float* const* rows, std::size_t count, std::size_t width, float* tile);

/// sum[k] = the sum of row[k] over `count` rows, in their order. `sum` may be one of the rows.
void sum_rows(const float* const* rows, std::size_t count, std::size_t width, float* sum);

/// out[r] = start[r] + sum_k columns[k * stride + r] * vector[k] for each r below `stride`: multiplies a
/// matrix that is stored by columns with a vector.
/// @param stride A multiple of 32; columns, start and out are aligned to 64 bytes.
void multiply_vector(const float* columns, std::size_t stride, std::size_t depth, const float* start,
                     const float* vector, float* out);

/// Returns the name of the instruction set in use, e.g. `AVX2`, for the log.
const char* instruction_set();

} // namespace winnow::kernels
