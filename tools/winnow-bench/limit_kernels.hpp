#pragma once

#include <cstddef>
#include <cstdint>

/// Loops that keep one resource of a core busy and do nothing else, compiled for the same instruction sets as
/// the models' kernels. No code exceeds the rates that they reach.
namespace winnow::bench::limits {

/// Multiplies and adds floats in registers. @return The number of multiply-adds.
std::uint64_t multiply_add_floats(std::uint64_t rounds);

/// The same for bytes, with the instructions of recall's screen.
std::uint64_t multiply_add_bytes(std::uint64_t rounds);

/// Reads all floats once, in vectors. Returns a sum so that the compiler cannot drop the loop.
/// @param count A multiple of 256.
float read_floats(const float* values, std::size_t count);

} // namespace winnow::bench::limits
