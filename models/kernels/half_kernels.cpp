#include "models/kernels/half_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

// Highway compiles the code between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set by
// re-including this file. Code that must exist only once is under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV) // as in kernels.cpp
#define HWY_TARGET_INCLUDE "models/kernels/half_kernels.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void widen(const std::uint16_t* halves, std::size_t count, float unit, float* out) {
  constexpr hn::CappedTag<float, 16> tag{};
  constexpr hn::Rebind<hwy::float16_t, decltype(tag)> half_tag{};
  constexpr hn::Rebind<std::uint16_t, decltype(tag)> bits_tag{};
  constexpr std::size_t lanes = hn::MaxLanes(tag);
  const auto scale = hn::Set(tag, unit);
  const auto widened = [&](const std::uint16_t* from) {
    const auto bits = hn::LoadU(bits_tag, from);
    return hn::Mul(hn::PromoteTo(tag, hn::BitCast(half_tag, bits)), scale);
  };
  std::size_t k = 0;
  for (; k + lanes <= count; k += lanes)
    hn::StoreU(widened(halves + k), tag, out + k);
  if (k == count)
    return;
  std::uint16_t rest[lanes] = {};
  float wide[lanes];
  std::copy(halves + k, halves + count, rest);
  hn::StoreU(widened(rest), tag, wide);
  std::copy(wide, wide + (count - k), out + k);
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(widen);

void widen(const std::uint16_t* halves, std::size_t count, float unit, float* out) {
  HWY_DYNAMIC_DISPATCH(widen)(halves, count, unit, out);
}

std::uint16_t to_half(float value) noexcept {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const auto sign = static_cast<std::uint16_t>(bits >> 16U & 0x8000U);
  constexpr std::uint16_t infinity = 0x7C00, not_a_number = 0x7E00;
  if (std::isnan(value))
    return sign | not_a_number;
  const float size = std::abs(value);
  constexpr float too_large = 65520, least_normal = 6.103515625e-05f; // 2^-14
  if (size >= too_large)
    return sign | infinity;
  if (size < least_normal) { // a multiple of 2^-24; the addition rounds to one
    constexpr float rounder = 0.5f;
    const float rounded = size + rounder; // 0.5 has a unit of 2^-24
    std::memcpy(&bits, &rounded, sizeof bits);
    return static_cast<std::uint16_t>(sign | (bits & 0xFFFFU));
  }
  std::memcpy(&bits, &size, sizeof bits);
  constexpr std::uint32_t bias = 112U << 23U, half_of_last = 0x0FFF; // of the bits that are dropped
  const std::uint32_t rounded = bits - bias + half_of_last + (bits >> 13U & 1U);
  return static_cast<std::uint16_t>(sign | rounded >> 13U);
}

} // namespace winnow::kernels
#endif
