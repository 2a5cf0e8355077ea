#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of recall other than those of the screen, vectorised like those of kernels.hpp: comparisons
/// with a limit, and exact products of the rows that can be among the best.
namespace winnow::kernels {

/// Writes the positions of all `values[0..count)` that are not below `limit` to `positions`, in ascending
/// order. NaN is not below any limit.
/// @param positions Has room for `count`.
/// @return The number of positions written.
std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions);

/// Returns how many of `values[0..count)` are at least `limit`.
std::size_t count_not_below(const float* values, std::size_t count, float limit);

/// Returns the greatest of `values[0..count)`; minus infinity if there is none. NaN does not count.
float greatest(const float* values, std::size_t count);

/// Writes to `greater`, for each of `values[0..count)`, how many of them are greater.
/// @param count A multiple of 16.
void count_greater(const float* values, std::size_t count, std::uint32_t* greater);

/// Computes the inner product of `query` with each of `count` rows. A row's product does not depend, not even
/// in its last bit, on the other rows.
void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* products);

} // namespace winnow::kernels
