// For sources that Highway compiles once per instruction set. They include this file after highway.h, once
// per set; hence Highway's toggling guard instead of `#pragma once`.
#if defined(WINNOW_MODELS_REGISTERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef WINNOW_MODELS_REGISTERS_INL
#undef WINNOW_MODELS_REGISTERS_INL
#else
#define WINNOW_MODELS_REGISTERS_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {

/// Whether there are 32 vector registers rather than the 16 of AVX2 and earlier.
constexpr bool has_many_registers = HWY_TARGET <= HWY_AVX3 || !HWY_ARCH_X86;

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
