#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of recall beside those of the screen, vectorised like those of kernels.hpp: limits, and
/// exact products for the rows that can be among the best.
namespace winnow::kernels {

/// Writes the positions of all `values[0..count)` that are not below `limit` (what is no number is not) to
/// `positions` (room for `count`), rising.
/// @return How many there are.
std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions);

/// How many of `values[0..count)` are at least `limit`.
std::size_t count_not_below(const float* values, std::size_t count, float limit);

/// For each of `values[0..count)` how many of them are greater.
/// @param count A multiple of 16.
void count_greater(const float* values, std::size_t count, std::uint32_t* greater);

/// The inner product of `query` with each of `count` rows. A row's product does not depend, not even in its
/// last bit, on the others.
void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* products);

} // namespace winnow::kernels
