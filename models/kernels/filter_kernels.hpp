#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loop of filters over the attributes of a whole catalogue, vectorised like those of kernels.hpp.
namespace winnow::kernels {

/// Sets the bits of all `values[0..count)` within [least, most]. NaN is in no range.
/// @param bits Has room for `count` bits, 64 in a word; those of the last word behind `count` become 0.
void mark_within(const double* values, std::size_t count, double least, double most, std::uint64_t* bits);

} // namespace winnow::kernels
