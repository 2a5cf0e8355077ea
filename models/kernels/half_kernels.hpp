#pragma once

#include <cstddef>
#include <cstdint>

/// Numbers in 16 bits (IEEE 754 binary16). Where the processor can convert them (F16C, NEON), it does.
namespace winnow::kernels {

/// Returns the nearest 16-bit float, of two the even one; infinity from 65,520 on.
std::uint16_t to_half(float value) noexcept;

/// out[k] = halves[k] * unit, exactly unless the product is denormal or overflows.
void widen(const std::uint16_t* halves, std::size_t count, float unit, float* out);

} // namespace winnow::kernels
