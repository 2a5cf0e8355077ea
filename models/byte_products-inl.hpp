// For sources that Highway compiles once per instruction set: included after highway.h, once for each. Hence
// Highway's own guard instead of `#pragma once`.
#if defined(WINNOW_MODELS_BYTE_PRODUCTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef WINNOW_MODELS_BYTE_PRODUCTS_INL
#undef WINNOW_MODELS_BYTE_PRODUCTS_INL
#else
#define WINNOW_MODELS_BYTE_PRODUCTS_INL
#endif

#include <cstdint>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {

/// Pairs of bytes side by side: at most those of the 16 rows of a tile.
using words = hwy::HWY_NAMESPACE::CappedTag<std::uint16_t, 16>;
using word_vector = hwy::HWY_NAMESPACE::Vec<words>;
constexpr words word_tag{};

/// In each 16-bit lane two products of an unsigned byte with a signed one, summed. Saturates or not, as the
/// processor pleases: the products of `screen_tiles` fit.
HWY_INLINE word_vector pair_products(word_vector unsigned_bytes, word_vector signed_bytes) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return word_vector{_mm256_maddubs_epi16(unsigned_bytes.raw, signed_bytes.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  return word_vector{_mm_maddubs_epi16(unsigned_bytes.raw, signed_bytes.raw)};
#else
  namespace hn = hwy::HWY_NAMESPACE;
  // The sums are taken modulo 2^16, so signs need no care once the bytes that have one are extended.
  const auto extended = hn::BitCast(hn::RebindToSigned<words>(), signed_bytes);
  const auto low = hn::BitCast(word_tag, hn::ShiftRight<8>(hn::ShiftLeft<8>(extended)));
  const auto high = hn::BitCast(word_tag, hn::ShiftRight<8>(extended));
  return hn::Add(hn::Mul(hn::And(unsigned_bytes, hn::Set(word_tag, 0xFF)), low),
                 hn::Mul(hn::ShiftRight<8>(unsigned_bytes), high));
#endif
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
