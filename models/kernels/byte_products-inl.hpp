// For sources that Highway compiles once per instruction set. They include this file after highway.h, once
// per set; hence Highway's toggling guard instead of `#pragma once`. They must define HWY_WANT_AVX3_DL before
// they include any Highway header.
#if defined(WINNOW_MODELS_BYTE_PRODUCTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef WINNOW_MODELS_BYTE_PRODUCTS_INL
#undef WINNOW_MODELS_BYTE_PRODUCTS_INL
#else
#define WINNOW_MODELS_BYTE_PRODUCTS_INL
#endif

#include <cstddef>
#include <cstdint>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {

/// Several rows side by side. Each row has one 32-bit lane that holds a quad: the bytes of four columns.
using quads = hwy::HWY_NAMESPACE::CappedTag<std::int32_t, 16>;
using quad_vector = hwy::HWY_NAMESPACE::Vec<quads>;
constexpr quads quad_tag{};

/// Whether the processor sums the four products of a quad in 32 bits (AVX-512 VNNI).
constexpr bool sums_quads = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3_DL;

/// Adds to each lane of `sum` the products of four unsigned bytes with four signed ones. If `sums_quads`, all
/// four are summed in 32 bits. Otherwise the first two and the last two are summed in 16 bits each, modulo
/// 2^16, and the sum of two products must fit 16 bits.
HWY_INLINE quad_vector add_products(quad_vector sum, quad_vector unsigned_bytes, quad_vector signed_bytes) {
  namespace hn = hwy::HWY_NAMESPACE;
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3_DL
  // Highway 1.0.3 has this target for processors with VNNI but does not enable VNNI in the compiler.
  asm("vpdpbusd %2, %1, %0" : "+v"(sum.raw) : "v"(unsigned_bytes.raw), "v"(signed_bytes.raw));
  return sum;
#elif HWY_TARGET == HWY_SCALAR
  const auto rows = static_cast<std::uint32_t>(unsigned_bytes.raw);
  const auto by = static_cast<std::uint32_t>(signed_bytes.raw);
  const auto product = [&](unsigned bits) {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(rows >> bits & 0xFFU) *
                                      static_cast<std::int8_t>(by >> bits & 0xFFU));
  };
  const auto total = static_cast<std::uint32_t>(sum.raw);
  const std::uint32_t low = total + product(0) + product(8),
                      high = (total >> 16U) + product(16) + product(24);
  return quad_vector{static_cast<std::int32_t>((low & 0xFFFFU) | high << 16U)};
#else
  const hn::Repartition<std::int16_t, quads> halves;
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  const auto products = hn::Vec<decltype(halves)>{_mm512_maddubs_epi16(unsigned_bytes.raw, signed_bytes.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  const auto products = hn::Vec<decltype(halves)>{_mm256_maddubs_epi16(unsigned_bytes.raw, signed_bytes.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  const auto products = hn::Vec<decltype(halves)>{_mm_maddubs_epi16(unsigned_bytes.raw, signed_bytes.raw)};
#else
  const hn::Repartition<std::uint16_t, quads> words;
  const auto bytes = hn::BitCast(words, unsigned_bytes);
  const auto by = hn::BitCast(halves, signed_bytes);
  const auto even = hn::BitCast(halves, hn::And(bytes, hn::Set(words, 0xFF)));
  const auto odd = hn::BitCast(halves, hn::ShiftRight<8>(bytes));
  const auto products =
      hn::Add(hn::Mul(even, hn::ShiftRight<8>(hn::ShiftLeft<8>(by))), hn::Mul(odd, hn::ShiftRight<8>(by)));
#endif
  return hn::BitCast(quad_tag, hn::Add(hn::BitCast(halves, sum), products));
#endif
}

/// Returns the total for each row from sums of `add_products`, which must fit their 16 or 32 bits.
HWY_INLINE quad_vector row_sums(quad_vector sum) {
  namespace hn = hwy::HWY_NAMESPACE;
  if constexpr (sums_quads)
    return sum;
  else
    return hn::Add(hn::ShiftRight<16>(hn::ShiftLeft<16>(sum)), hn::ShiftRight<16>(sum));
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
