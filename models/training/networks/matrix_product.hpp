#pragma once

#include "models/training/support/thread_team.hpp"

#include <cstddef>

namespace winnow {

/// A row-major matrix, as a factor of a product.
struct matrix_view {
  const float* values = nullptr;
  std::size_t stride = 0; ///< Floats from one row to the next.
  bool transposed = false;
};

inline matrix_view transposed(matrix_view of) {
  return {of.values, of.stride, !of.transposed};
}

/// Computes out = a · b + keep · out, where `out` is rows × columns and `depth` is the inner dimension. Calls
/// BLAS on slices of rows that do not depend on the number of threads.
void multiply(thread_team& team, std::size_t rows, std::size_t columns, std::size_t depth, matrix_view a,
              matrix_view b, float keep, float* out, std::size_t out_stride);

} // namespace winnow
