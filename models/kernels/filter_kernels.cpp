#include "models/kernels/filter_kernels.hpp"

// Highway compiles the code between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set by
// re-including this file. Code that must exist only once is under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// As in the other kernels, a vector has a length known at compile time.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/kernels/filter_kernels.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void mark_within(const double* values, std::size_t count, double least, double most, std::uint64_t* bits) {
  using doubles = hn::CappedTag<double, 8>;
  constexpr doubles tag{};
  constexpr std::size_t lanes = hn::MaxLanes(doubles{}), word_bits = 64;
  const auto low = hn::Set(tag, least), high = hn::Set(tag, most);
  std::size_t first = 0;
  for (; first + word_bits <= count; first += word_bits) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < word_bits; i += lanes) {
      const auto value = hn::LoadU(tag, values + first + i);
      std::uint8_t mask[8] = {}; // `StoreMaskBits` may write up to 8 bytes
      hn::StoreMaskBits(tag, hn::And(hn::Ge(value, low), hn::Le(value, high)), mask);
      word |= static_cast<std::uint64_t>(mask[0]) << i;
    }
    bits[first / word_bits] = word;
  }
  if (first == count)
    return;
  std::uint64_t word = 0;
  for (std::size_t i = first; i < count; ++i)
    word |= static_cast<std::uint64_t>(values[i] >= least && values[i] <= most) << (i - first);
  bits[first / word_bits] = word;
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(mark_within);

void mark_within(const double* values, std::size_t count, double least, double most, std::uint64_t* bits) {
  HWY_DYNAMIC_DISPATCH(mark_within)(values, count, least, most, bits);
}

} // namespace winnow::kernels
#endif
