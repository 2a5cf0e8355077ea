#pragma once

#include <cstddef>
#include <cstdint>

/// Sums over rows of a table that a sparse matrix chooses, vectorised for the processor's instruction set.
/// Rows are `width` numbers, aligned to 64 bytes; `width` is a multiple of 16.
namespace winnow::kernels {

/// A row of a sparse matrix.
struct sparse_row {
  const std::uint32_t* columns;
  const float* weights; ///< By column.
  std::size_t count;
  /// How many columns of the next rows stand behind `columns + count`: their rows are
  /// fetched ahead, which pays if those are multiplied next. A row of a small
  /// table needs none.
  std::size_t following = 0;
};

/// Multiplies a sparse row by a table: out = scale · (plus + Σ_e weights[e] · table[columns[e]]).
/// @param active One byte per row of the table; rows with 0 are all zeros and are skipped. Null: no row is
/// skipped.
/// @param plus A row to add, or null.
void gather_row(const sparse_row& edges, const float* table, std::size_t width, const unsigned char* active,
                const float* plus, float scale, float* out);

/// The same from a table of short numbers, see `shorten`.
void gather_row(const sparse_row& edges, const std::uint16_t* table, std::size_t width,
                const unsigned char* active, const float* plus, float scale, float* out);

/// Rounds finite floats to their first 16 bits (bfloat16): the range of a float, 8 significant bits. `out` is
/// aligned to 32 bytes.
void shorten(const float* in, std::size_t width, std::uint16_t* out);

} // namespace winnow::kernels
