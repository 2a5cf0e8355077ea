#pragma once

#include <cstddef>
#include <cstdint>

/// Loops that do nothing but what a processor core can do most of, compiled for the same instruction sets as
/// the models' kernels. What they reach is what no code can surpass.
namespace winnow::bench::limits {

/// Multiplies and adds floats that stay in registers. @return How many multiply-adds that were.
std::uint64_t multiply_add_floats(std::uint64_t rounds);

/// The same with bytes, in pairs summed to 16 bits, as recall's screen does.
std::uint64_t multiply_add_bytes(std::uint64_t rounds);

/// Reads floats once through, in vectors; the sum keeps the compiler from leaving it out.
/// @param count A multiple of 256.
float read_floats(const float* values, std::size_t count);

} // namespace winnow::bench::limits
