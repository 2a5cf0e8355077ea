#include "models/recall_kernels.hpp"

#include <algorithm>

// Highway compiles what stands between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set,
// by including this file again; what must exist only once stands under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// Scalable vectors have no length at compile time, which the register blocks below need.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/recall_kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h comes first.
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
      std::uint8_t mask[8] = {}; // as many as `StoreMaskBits` may write
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

std::size_t count_not_below(const float* values, std::size_t count, float limit) {
  const auto bar = hn::Set(tag, limit);
  std::size_t found = 0;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    found += hn::CountTrue(tag, hn::Ge(hn::LoadU(tag, values + i), bar));
  for (; i < count; ++i)
    found += values[i] >= limit;
  return found;
}

void count_greater(const float* values, std::size_t count, std::uint32_t* greater) {
  const std::size_t whole = count - count % lanes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bar = hn::Set(tag, values[i]);
    std::size_t found = 0;
    for (std::size_t j = 0; j < whole; j += lanes)
      found += hn::CountTrue(tag, hn::Gt(hn::LoadU(tag, values + j), bar));
    for (std::size_t j = whole; j < count; ++j)
      found += values[j] > values[i];
    greater[i] = static_cast<std::uint32_t>(found);
  }
}

using single = hn::CappedTag<float, 1>;

/// `Rows` products at once from column `first` on, each a chain of its own: one chain alone would wait for
/// every addition.
template<std::size_t Rows>
HWY_INLINE void add_products(const float* query, std::size_t first, std::size_t width,
                             const float* const* rows, float* out) {
  constexpr single one{};
  hn::Vec<single> sum[Rows];
  for (std::size_t r = 0; r < Rows; ++r)
    sum[r] = hn::LoadU(one, out + r);
  for (std::size_t k = first; k < width; ++k) {
    const auto q = hn::LoadU(one, query + k);
    for (std::size_t r = 0; r < Rows; ++r)
      sum[r] = hn::MulAdd(q, hn::LoadU(one, rows[r] + k), sum[r]);
  }
  for (std::size_t r = 0; r < Rows; ++r)
    hn::StoreU(sum[r], one, out + r);
}

/// 4 × `Fours` products at once, four of them in a vector: rows are turned into columns on the way.
/// @return The column at which it stopped: fewer than four are left.
template<std::size_t Fours>
HWY_INLINE std::size_t add_fours([[maybe_unused]] const float* query, [[maybe_unused]] std::size_t width,
                                 [[maybe_unused]] const float* const* rows, [[maybe_unused]] float* out) {
#if HWY_TARGET == HWY_SCALAR
  return 0;
#else
  using four = hn::CappedTag<float, 4>;
  constexpr four narrow{};
  hn::Vec<four> sum[Fours];
  for (std::size_t f = 0; f < Fours; ++f)
    sum[f] = hn::LoadU(narrow, out + 4 * f);
  std::size_t k = 0;
  for (; k + 4 <= width; k += 4)
    for (std::size_t f = 0; f < Fours; ++f) {
      const auto a = hn::LoadU(narrow, rows[4 * f] + k), b = hn::LoadU(narrow, rows[4 * f + 1] + k);
      const auto c = hn::LoadU(narrow, rows[4 * f + 2] + k), d = hn::LoadU(narrow, rows[4 * f + 3] + k);
      const auto ab = hn::InterleaveLower(narrow, a, b), cd = hn::InterleaveLower(narrow, c, d);
      const auto above_ab = hn::InterleaveUpper(narrow, a, b), above_cd = hn::InterleaveUpper(narrow, c, d);
      sum[f] = hn::MulAdd(hn::Set(narrow, query[k]), hn::ConcatLowerLower(narrow, cd, ab), sum[f]);
      sum[f] = hn::MulAdd(hn::Set(narrow, query[k + 1]), hn::ConcatUpperUpper(narrow, cd, ab), sum[f]);
      sum[f] =
          hn::MulAdd(hn::Set(narrow, query[k + 2]), hn::ConcatLowerLower(narrow, above_cd, above_ab), sum[f]);
      sum[f] =
          hn::MulAdd(hn::Set(narrow, query[k + 3]), hn::ConcatUpperUpper(narrow, above_cd, above_ab), sum[f]);
    }
  for (std::size_t f = 0; f < Fours; ++f)
    hn::StoreU(sum[f], narrow, out + 4 * f);
  return k;
#endif
}

void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* out) {
  std::fill_n(out, count, 0.0f);
  constexpr std::size_t fours = 4, together = 4 * fours;
  std::size_t i = 0;
  for (; i + together <= count; i += together) {
    // The rows lie anywhere: those after these are on their way meanwhile.
    for (std::size_t next = i + together; next < std::min(i + 2 * together, count); ++next)
      for (std::size_t k = 0; k < width; k += 64 / sizeof(float))
        hwy::Prefetch(rows[next] + k);
    const auto left = add_fours<fours>(query, width, rows + i, out + i);
    for (std::size_t r = i; r < i + together; r += 8)
      add_products<8>(query, left, width, rows + r, out + r);
  }
  for (; i + 4 <= count; i += 4)
    add_products<4>(query, 0, width, rows + i, out + i);
  for (; i < count; ++i)
    add_products<1>(query, 0, width, rows + i, out + i);
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(positions_not_below);
HWY_EXPORT(count_not_below);
HWY_EXPORT(count_greater);
HWY_EXPORT(multiply_rows);

std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions) {
  return HWY_DYNAMIC_DISPATCH(positions_not_below)(values, count, limit, positions);
}

std::size_t count_not_below(const float* values, std::size_t count, float limit) {
  return HWY_DYNAMIC_DISPATCH(count_not_below)(values, count, limit);
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
