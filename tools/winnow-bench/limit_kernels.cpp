#include "tools/winnow-bench/limit_kernels.hpp"

// The same setting as in the models' kernels.
#define HWY_WANT_AVX3_DL

// Highway re-includes this file to compile the code between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once
// per instruction set. Code under HWY_ONCE is compiled once.
#undef HWY_TARGET_INCLUDE
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "tools/winnow-bench/limit_kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "models/kernels/byte_products-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace winnow::bench::limits::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The number of independent sums; enough to hide the latency of an addition.
constexpr std::size_t chains = 12;

using floats = hn::CappedTag<float, 16>;
constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});

/// Keeps a value in a register and prevents the compiler from dropping its computation.
template<class Vector>
HWY_INLINE void keep(Vector& value) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  asm volatile("" : "+v"(value.raw));
#else
  asm volatile("" : : "r"(&value) : "memory");
#endif
}

std::uint64_t multiply_add_floats(std::uint64_t rounds) {
  hn::Vec<floats> sum[chains];
  for (auto& value : sum)
    value = hn::Zero(tag);
  auto a = hn::Set(tag, 0.5f), b = hn::Set(tag, 0.25f);
  for (std::uint64_t round = 0; round < rounds; ++round)
    for (auto& value : sum) {
      value = hn::MulAdd(a, b, value);
      keep(value);
    }
  return rounds * chains * lanes;
}

std::uint64_t multiply_add_bytes(std::uint64_t rounds) {
  using namespace kernels::HWY_NAMESPACE; // the instructions of recall's screen
  constexpr std::size_t sums = 12;        // enough to hide the latency of a product and an addition
  quad_vector sum[sums];
  for (std::size_t i = 0; i < sums; ++i)
    sum[i] = hn::Set(quad_tag, static_cast<std::int32_t>(i + 1));
  auto rows = hn::Set(quad_tag, 0x01020304), by = hn::Set(quad_tag, 0x04030201);
  for (std::uint64_t round = 0; round < rounds; ++round)
    for (auto& value : sum) {
      keep(rows); // otherwise the products are computed only once
      value = add_products(value, rows, by);
      keep(value);
    }
  return rounds * sums * 4 * hn::MaxLanes(quads{});
}

float read_floats(const float* values, std::size_t count) {
  constexpr std::size_t together = 8;
  hn::Vec<floats> sum[together];
  for (auto& value : sum)
    value = hn::Zero(tag);
  for (std::size_t i = 0; i + together * lanes <= count; i += together * lanes)
    for (std::size_t c = 0; c < together; ++c)
      sum[c] = hn::Add(sum[c], hn::LoadU(tag, values + i + c * lanes));
  auto total = sum[0];
  for (std::size_t c = 1; c < together; ++c)
    total = hn::Add(total, sum[c]);
  return hn::GetLane(hn::SumOfLanes(tag, total));
}

} // namespace winnow::bench::limits::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::bench::limits {

HWY_EXPORT(multiply_add_floats);
HWY_EXPORT(multiply_add_bytes);
HWY_EXPORT(read_floats);

std::uint64_t multiply_add_floats(std::uint64_t rounds) {
  return HWY_DYNAMIC_DISPATCH(multiply_add_floats)(rounds);
}

std::uint64_t multiply_add_bytes(std::uint64_t rounds) {
  return HWY_DYNAMIC_DISPATCH(multiply_add_bytes)(rounds);
}

float read_floats(const float* values, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(read_floats)(values, count);
}

} // namespace winnow::bench::limits
#endif
