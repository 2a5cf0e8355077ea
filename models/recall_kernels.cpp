#include "models/recall_kernels.hpp"

#include <algorithm>
#include <limits>

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

using words = hn::CappedTag<std::uint16_t, screen_width>;
using word_vector = hn::Vec<words>;
constexpr words word_tag{};
constexpr std::size_t parts = screen_width / hn::MaxLanes(words{}); // vectors that make up a pair of columns

using floats = hn::CappedTag<float, screen_width>;
constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});

/// In each 16-bit lane a row's two products with the query's pair, summed. Nothing saturates: see `row_peak`.
HWY_INLINE word_vector pair_products(word_vector row_bytes, word_vector query_bytes) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return word_vector{_mm256_maddubs_epi16(row_bytes.raw, query_bytes.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  return word_vector{_mm_maddubs_epi16(row_bytes.raw, query_bytes.raw)};
#else
  // The sums are taken modulo 2^16, so signs need no care once the query's bytes are extended.
  const hn::RebindToSigned<words> signed_tag;
  const auto query = hn::BitCast(signed_tag, query_bytes);
  const auto low = hn::BitCast(word_tag, hn::ShiftRight<8>(hn::ShiftLeft<8>(query)));
  const auto high = hn::BitCast(word_tag, hn::ShiftRight<8>(query));
  return hn::Add(hn::Mul(hn::And(row_bytes, hn::Set(word_tag, 0xFF)), low),
                 hn::Mul(hn::ShiftRight<8>(row_bytes), high));
#endif
}

HWY_INLINE word_vector repeated(std::int32_t pair) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Set(word_tag, static_cast<std::uint16_t>(pair & 0xFFFF));
#else
  return hn::BitCast(word_tag, hn::Set(hn::Repartition<std::int32_t, words>(), pair));
#endif
}

/// Adds the 16-bit sums of the pairs from `first` to `last` to `totals`, or puts them there where `first` is
/// 0.
template<std::size_t Queries, std::size_t Tiles>
HWY_INLINE void sum_segment(const screen_query* queries, const std::uint16_t* table, std::size_t tile_stride,
                            std::size_t segment, std::size_t first, std::size_t last, std::int32_t* totals) {
  constexpr std::size_t step = hn::MaxLanes(words{});
  constexpr std::size_t vectors = Tiles * parts;
  word_vector sum[Queries][vectors];
  for (std::size_t q = 0; q < Queries; ++q)
    for (std::size_t i = 0; i < vectors; ++i)
      sum[q][i] = hn::Set(word_tag, queries[q].start[segment]);
  for (std::size_t pair = first; pair < last; ++pair) {
    word_vector rows[vectors];
    for (std::size_t t = 0; t < Tiles; ++t)
      for (std::size_t p = 0; p < parts; ++p)
        rows[t * parts + p] = hn::Load(word_tag, table + t * tile_stride + pair * screen_width + p * step);
    for (std::size_t q = 0; q < Queries; ++q) {
      const auto query = repeated(queries[q].pairs[pair]);
      for (std::size_t i = 0; i < vectors; ++i)
        sum[q][i] = hn::Add(sum[q][i], pair_products(rows[i], query));
    }
  }
  alignas(64) std::int16_t sums[Queries * Tiles * screen_width];
  for (std::size_t q = 0; q < Queries; ++q)
    for (std::size_t i = 0; i < vectors; ++i)
      hn::Store(hn::BitCast(hn::RebindToSigned<words>(), sum[q][i]), hn::RebindToSigned<words>(),
                sums + (q * vectors + i) * step);
  const hn::RebindToSigned<floats> total_tag;
  const hn::Rebind<std::int16_t, floats> half_tag;
  for (std::size_t i = 0; i < Queries * Tiles * screen_width; i += lanes) {
    const auto wide = hn::PromoteTo(total_tag, hn::Load(half_tag, sums + i));
    hn::Store(first == 0 ? wide : hn::Add(wide, hn::Load(total_tag, totals + i)), total_tag, totals + i);
  }
}

template<std::size_t Queries, std::size_t Tiles>
HWY_INLINE void bound_block(const screen_query* queries, const screen_tiles& table, std::size_t tile,
                            float* bounds, float* leads, std::size_t stride) {
  alignas(64) std::int32_t totals[Queries * Tiles * screen_width];
  const std::size_t tile_stride = table.pairs * screen_width;
  constexpr std::size_t segment_pairs = segment_columns / 2;
  for (std::size_t segment = 0; segment == 0 || segment * segment_pairs < table.pairs; ++segment)
    sum_segment<Queries, Tiles>(queries, table.words + tile * tile_stride, tile_stride, segment,
                                segment * segment_pairs, std::min((segment + 1) * segment_pairs, table.pairs),
                                totals);
  const std::size_t row = tile * screen_width;
  for (std::size_t i = 0; i < Tiles * screen_width; i += lanes) {
    const auto scale = hn::Load(tag, table.scale + row + i);
    const auto deviation = hn::Load(tag, table.deviation + row + i);
    const auto norm = hn::Load(tag, table.norm + row + i);
    for (std::size_t q = 0; q < Queries; ++q) {
      const auto total =
          hn::ConvertTo(tag, hn::Load(hn::RebindToSigned<floats>(), totals + q * Tiles * screen_width + i));
      const auto error = hn::MulAdd(deviation, hn::Set(tag, queries[q].deviation_weight),
                                    hn::Mul(norm, hn::Set(tag, queries[q].norm_weight)));
      const auto estimate = hn::Mul(total, hn::Mul(scale, hn::Set(tag, queries[q].scale)));
      hn::Store(hn::Add(estimate, error), tag, bounds + q * stride + i);
      const auto lower = hn::Sub(estimate, error);
      float* const lead = leads + q * stride / lead_tiles + i % screen_width;
      const auto before = hn::Load(tag, lead);
      hn::Store(hn::IfThenElse(hn::Gt(lower, before), lower, before), tag, lead);
    }
  }
}

/// One block of queries over a group of tiles: the fewer queries, the more tiles at once, so that the
/// registers are filled and the latency of the additions hidden.
template<std::size_t Queries>
HWY_INLINE void bound_group(const screen_query* queries, const screen_tiles& table, std::size_t first,
                            std::size_t tile_count, float* bounds, float* leads, std::size_t stride) {
  constexpr std::size_t together = (Queries == 1 ? 8 : Queries == 2 ? 4 : 2) / (parts > 2 ? 2 : parts);
  for (std::size_t q = 0; q < Queries; ++q)
    std::fill_n(leads + q * stride / lead_tiles, screen_width, -std::numeric_limits<float>::infinity());
  std::size_t t = 0;
  for (; t + together <= tile_count; t += together)
    bound_block<Queries, together>(queries, table, first + t, bounds + t * screen_width, leads, stride);
  for (; t < tile_count; ++t)
    bound_block<Queries, 1>(queries, table, first + t, bounds + t * screen_width, leads, stride);
}

void bound_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
                 std::size_t first, std::size_t tile_count, float* bounds, float* leads, std::size_t stride) {
  // A group of tiles stays in the first-level cache while all queries pass over it.
  for (std::size_t t = 0; t < tile_count; t += lead_tiles) {
    const std::size_t count = std::min(lead_tiles, tile_count - t);
    for (std::size_t q = 0; q < query_count;) {
      float* const to = bounds + q * stride + t * screen_width;
      float* const lead = leads + (q * stride + t * screen_width) / lead_tiles;
      const std::size_t left = query_count - q;
      if (left == 1)
        bound_group<1>(queries + q, table, first + t, count, to, lead, stride);
      else if (left == 2)
        bound_group<2>(queries + q, table, first + t, count, to, lead, stride);
      else if (left == 3)
        bound_group<3>(queries + q, table, first + t, count, to, lead, stride);
      else
        bound_group<4>(queries + q, table, first + t, count, to, lead, stride);
      q += std::min<std::size_t>(left, 4);
    }
  }
}

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

HWY_EXPORT(bound_tiles);
HWY_EXPORT(positions_not_below);
HWY_EXPORT(count_not_below);
HWY_EXPORT(multiply_rows);

void bound_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
                 std::size_t first, std::size_t tile_count, float* bounds, float* leads, std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(bound_tiles)(queries, query_count, table, first, tile_count, bounds, leads, stride);
}

std::size_t positions_not_below(const float* values, std::size_t count, float limit,
                                std::uint32_t* positions) {
  return HWY_DYNAMIC_DISPATCH(positions_not_below)(values, count, limit, positions);
}

std::size_t count_not_below(const float* values, std::size_t count, float limit) {
  return HWY_DYNAMIC_DISPATCH(count_not_below)(values, count, limit);
}

void multiply_rows(const float* query, std::size_t width, const float* const* rows, std::size_t count,
                   float* products) {
  HWY_DYNAMIC_DISPATCH(multiply_rows)(query, width, rows, count, products);
}

} // namespace winnow::kernels
#endif
