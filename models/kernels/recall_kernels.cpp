#include "models/kernels/recall_kernels.hpp"

#include <algorithm>
#include <limits>

// Highway compiles the code between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set by
// re-including this file. Code that must exist only once is under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// The register blocks below need a vector length known at compile time, which scalable vectors do not have.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/kernels/recall_kernels.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::CappedTag<float, 16>;
constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});

std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions) {
  const auto bar = hn::Set(tag, limit);
  const auto below = [&](std::size_t i) { return hn::Lt(hn::LoadU(tag, values + i), bar); };
  std::size_t found = 0;
  std::size_t i = 0;
  constexpr std::size_t step = 4 * lanes;
  for (; i + step <= count; i += step) {
    const auto first = hn::And(below(i), below(i + lanes));
    if (HWY_LIKELY(hn::AllTrue(tag, hn::And(first, hn::And(below(i + 2 * lanes), below(i + 3 * lanes))))))
      continue;
    for (std::size_t at = i; at < i + step; at += lanes) {
      std::uint8_t mask[8] = {}; // `StoreMaskBits` may write up to 8 bytes
      hn::StoreMaskBits(tag, hn::Not(below(at)), mask);
      for (unsigned bits = mask[0] | static_cast<unsigned>(mask[1]) << 8U; bits != 0; bits &= bits - 1)
        positions[found++] = static_cast<std::uint32_t>(at + hwy::Num0BitsBelowLS1Bit_Nonzero32(bits));
    }
  }
  for (; i < count; ++i)
    if (!(values[i] < limit))
      positions[found++] = static_cast<std::uint32_t>(i);
  return found;
}

using counts = hn::RebindToSigned<floats>;
constexpr counts count_tag{};

/// Adds one to each count for which `is` is true. Masks are counted as vectors: extracting their bits takes
/// longer.
template<class Mask>
HWY_INLINE hn::Vec<counts> counted(hn::Vec<counts> count, Mask is) {
  return hn::Sub(count, hn::VecFromMask(count_tag, hn::RebindMask(count_tag, is)));
}

HWY_INLINE std::size_t sum_of(hn::Vec<counts> count) {
  return static_cast<std::size_t>(hn::GetLane(hn::SumOfLanes(count_tag, count)));
}

std::size_t count_not_below(const float* values, std::size_t count, float limit) {
  const auto bar = hn::Set(tag, limit);
  auto even = hn::Zero(count_tag), odd = even;
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    even = counted(even, hn::Ge(hn::LoadU(tag, values + i), bar));
    odd = counted(odd, hn::Ge(hn::LoadU(tag, values + i + lanes), bar));
  }
  std::size_t found = sum_of(hn::Add(even, odd));
  for (; i < count; ++i)
    found += values[i] >= limit;
  return found;
}

float greatest(const float* values, std::size_t count) {
  auto most = hn::Set(tag, -std::numeric_limits<float>::infinity());
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto some = hn::LoadU(tag, values + i);
    most = hn::IfThenElse(hn::Gt(some, most), some, most); // NaN is not greater
  }
  float found = hn::GetLane(hn::MaxOfLanes(tag, most));
  for (; i < count; ++i)
    found = values[i] > found ? values[i] : found;
  return found;
}

/// For `Bars` values at once, which share the loads of the others.
template<std::size_t Bars>
HWY_INLINE void count_greater_than(const float* bars, const float* values, std::size_t count,
                                   std::uint32_t* greater) {
  hn::Vec<floats> bar[Bars];
  hn::Vec<counts> found[Bars];
  for (std::size_t b = 0; b < Bars; ++b) {
    bar[b] = hn::Set(tag, bars[b]);
    found[b] = hn::Zero(count_tag);
  }
  for (std::size_t j = 0; j < count; j += lanes) {
    const auto some = hn::LoadU(tag, values + j);
    for (std::size_t b = 0; b < Bars; ++b)
      found[b] = counted(found[b], hn::Gt(some, bar[b]));
  }
  for (std::size_t b = 0; b < Bars; ++b)
    greater[b] = static_cast<std::uint32_t>(sum_of(found[b]));
}

void count_greater(const float* values, std::size_t count, std::uint32_t* greater) {
  constexpr std::size_t together = 4; // divides 16
  for (std::size_t i = 0; i < count; i += together)
    count_greater_than<together>(values + i, values, count, greater + i);
}

/// Computes `Rows` products at once, because the additions of one row alone would wait for each other. The
/// columns go into 16 sums in turn, in their order, and these are added up at the end. So a row's product
/// does not depend on the other rows.
template<std::size_t Rows>
HWY_INLINE void multiply_some(const float* query, std::size_t width, const float* const* rows, float* out) {
  constexpr std::size_t columns = 16, parts = columns / lanes;
  hn::Vec<floats> sum[Rows][parts];
  for (auto& row : sum)
    for (auto& value : row)
      value = hn::Zero(tag);
  const auto add = [&](const float* with, const auto& row_at) {
    for (std::size_t p = 0; p < parts; ++p) {
      const auto q = hn::LoadU(tag, with + p * lanes);
      for (std::size_t r = 0; r < Rows; ++r)
        sum[r][p] = hn::MulAdd(q, hn::LoadU(tag, row_at(r) + p * lanes), sum[r][p]);
    }
  };
  std::size_t k = 0;
  for (; k + columns <= width; k += columns)
    add(query + k, [&](std::size_t r) { return rows[r] + k; });
  if (k < width) {
    float padded[Rows + 1][columns] = {};
    std::copy(query + k, query + width, padded[Rows]);
    for (std::size_t r = 0; r < Rows; ++r)
      std::copy(rows[r] + k, rows[r] + width, padded[r]);
    add(padded[Rows], [&](std::size_t r) { return padded[r]; });
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    auto total = sum[r][0];
    for (std::size_t p = 1; p < parts; ++p)
      total = hn::Add(total, sum[r][p]);
    out[r] = hn::GetLane(hn::SumOfLanes(tag, total));
  }
}

void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* out) {
  constexpr std::size_t together = lanes >= 8 ? 4 : 1, ahead = 16;
  const auto fetch = [&](std::size_t row) { // the rows are scattered in memory
    for (std::size_t k = 0; row < count && k < width; k += 64 / sizeof(float))
      hwy::Prefetch(rows[row] + k);
  };
  for (std::size_t row = 0; row < ahead; ++row)
    fetch(row);
  std::size_t i = 0;
  for (; i + together <= count; i += together) {
    for (std::size_t r = 0; r < together; ++r)
      fetch(i + ahead + r);
    multiply_some<together>(query, width, rows + i, out + i);
  }
  for (; i < count; ++i)
    multiply_some<1>(query, width, rows + i, out + i);
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(positions_not_below);
HWY_EXPORT(count_not_below);
HWY_EXPORT(greatest);
HWY_EXPORT(count_greater);
HWY_EXPORT(multiply_rows);

std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions) {
  return HWY_DYNAMIC_DISPATCH(positions_not_below)(values, count, limit, positions);
}

std::size_t count_not_below(const float* values, std::size_t count, float limit) {
  return HWY_DYNAMIC_DISPATCH(count_not_below)(values, count, limit);
}

float greatest(const float* values, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(greatest)(values, count);
}

void count_greater(const float* values, std::size_t count, std::uint32_t* greater) {
  HWY_DYNAMIC_DISPATCH(count_greater)(values, count, greater);
}

void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* products) {
  HWY_DYNAMIC_DISPATCH(multiply_rows)(query, width, rows, count, products);
}

} // namespace winnow::kernels
#endif
