#include "models/screen_kernels.hpp"

#include <algorithm>

// Highway compiles what stands between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set,
// by including this file again; what must exist only once stands under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// Scalable vectors have no length at compile time, which the register blocks below need.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/screen_kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h comes first.
#include <hwy/highway.h>

#include "models/byte_products-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using halves = hn::RebindToSigned<words>;
constexpr halves half_tag{};
constexpr std::size_t step = hn::MaxLanes(words{});
constexpr std::size_t parts = screen_width / step; // vectors that make up a pair of columns

HWY_INLINE word_vector repeated(std::int32_t pair) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Set(word_tag, static_cast<std::uint16_t>(pair & 0xFFFF));
#else
  return hn::BitCast(word_tag, hn::Set(hn::Repartition<std::int32_t, words>(), pair));
#endif
}

/// Adds to a sum before anything that follows. Left to itself, GCC computes all products before the first
/// addition: the registers do not hold them, and a sum that waits in memory makes the loop half as fast.
HWY_INLINE void add_now(word_vector& sum, word_vector products) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_COMPILER_GCC
  auto raw = hn::Add(sum, products).raw;
  asm volatile("" : "+x"(raw));
  sum = word_vector{raw};
#else
  sum = hn::Add(sum, products);
#endif
}

/// What is fetched from memory while some tiles are summed: their group's share of the tiles one block on.
/// The processor foresees it too late for four queries, which pass over a block once: a fifth slower without.
struct fetch_ahead {
  std::size_t group, groups; // of the queries

  template<std::size_t Tiles>
  void fetch(const screen_tiles& table, std::size_t tile, std::size_t pair) const {
    constexpr std::size_t pair_bytes = Tiles * screen_width * sizeof(std::uint16_t);
    constexpr std::size_t lines = (pair_bytes + 63) / 64;
    const auto* const block =
        reinterpret_cast<const char*>(table.words + (tile + block_tiles) * table.pairs * screen_width);
    const std::size_t share = pair_bytes / groups;
    const char* const from = block + (group * table.pairs + pair) * share;
    for (std::size_t line = 0; line < lines; ++line)
      __builtin_prefetch(from + line * share / lines, 0, 2); // the first-level cache has no room for it
  }
};

/// The sums of `Queries` with `Tiles`, all in registers.
template<std::size_t Queries, std::size_t Tiles>
HWY_INLINE void sum_some(const screen_query* queries, const screen_tiles& table, std::size_t tile,
                         fetch_ahead next, std::int16_t* sums, std::int16_t* leads, std::size_t stride) {
  constexpr std::size_t vectors = Tiles * parts;
  const std::size_t tile_stride = table.pairs * screen_width;
  const std::uint16_t* const from = table.words + tile * tile_stride;
  word_vector sum[Queries][vectors];
  for (std::size_t q = 0; q < Queries; ++q)
    for (std::size_t i = 0; i < vectors; ++i)
      sum[q][i] = hn::Set(word_tag, queries[q].start);
  for (std::size_t pair = 0; pair < table.pairs; ++pair) {
    next.fetch<Tiles>(table, tile, pair);
    word_vector rows[vectors];
    for (std::size_t t = 0; t < Tiles; ++t)
      for (std::size_t p = 0; p < parts; ++p)
        rows[t * parts + p] = hn::Load(word_tag, from + t * tile_stride + pair * screen_width + p * step);
    for (std::size_t q = 0; q < Queries; ++q) {
      const auto query = repeated(queries[q].pairs[pair]);
      for (std::size_t i = 0; i < vectors; ++i)
        add_now(sum[q][i], pair_products(rows[i], query));
    }
  }
  for (std::size_t q = 0; q < Queries; ++q)
    for (std::size_t p = 0; p < parts; ++p) {
      std::int16_t* const lead = leads + q * stride / block_tiles + p * step;
      auto most = hn::Load(half_tag, lead);
      for (std::size_t t = 0; t < Tiles; ++t) {
        const auto total = hn::BitCast(half_tag, sum[q][t * parts + p]);
        hn::Store(total, half_tag, sums + q * stride + t * screen_width + p * step);
        most = hn::Max(most, total);
      }
      hn::Store(most, half_tag, lead);
    }
}

/// A few queries over a block: the fewer, the more tiles at once, so that the registers are filled and the
/// latency of the additions hidden.
template<std::size_t Queries>
HWY_INLINE void sum_block(const screen_query* queries, const screen_tiles& table, std::size_t first,
                          std::size_t tile_count, fetch_ahead next, std::int16_t* sums, std::int16_t* leads,
                          std::size_t stride) {
  constexpr std::size_t together = (Queries == 1 ? 8 : Queries == 2 ? 4 : 2) / (parts > 2 ? 2 : parts);
  for (std::size_t q = 0; q < Queries; ++q)
    std::fill_n(leads + q * stride / block_tiles, screen_width, struck_out);
  std::size_t t = 0;
  for (; t + together <= tile_count; t += together)
    sum_some<Queries, together>(queries, table, first + t, next, sums + t * screen_width, leads, stride);
  for (; t < tile_count; ++t)
    sum_some<Queries, 1>(queries, table, first + t, next, sums + t * screen_width, leads, stride);
}

void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride) {
  // A block stays in the first-level cache while all queries pass over it.
  for (std::size_t t = 0; t < tile_count; t += block_tiles) {
    const std::size_t count = std::min(block_tiles, tile_count - t);
    for (std::size_t q = 0; q < query_count;) {
      std::int16_t* const to = sums + q * stride + t * screen_width;
      std::int16_t* const lead = leads + (q * stride + t * screen_width) / block_tiles;
      const std::size_t left = query_count - q;
      const fetch_ahead next{q / 4, (query_count + 3) / 4};
      if (left == 1)
        sum_block<1>(queries + q, table, first + t, count, next, to, lead, stride);
      else if (left == 2)
        sum_block<2>(queries + q, table, first + t, count, next, to, lead, stride);
      else if (left == 3)
        sum_block<3>(queries + q, table, first + t, count, next, to, lead, stride);
      else
        sum_block<4>(queries + q, table, first + t, count, next, to, lead, stride);
      q += std::min<std::size_t>(left, 4);
    }
  }
}

std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* bars, std::size_t block_count,
                               std::uint32_t* positions) {
  constexpr std::size_t word_bits = 64, vectors = word_bits / step;
  std::size_t found = 0;
  for (std::size_t at = 0; at < block_count * block_rows; at += word_bits) {
    const auto bar = hn::Set(half_tag, bars[at / block_rows]);
    std::uint64_t below = 0;
    for (std::size_t v = 0; v < vectors; ++v) {
      std::uint8_t mask[8] = {}; // as many as `StoreMaskBits` may write
      hn::StoreMaskBits(half_tag, hn::Gt(bar, hn::Load(half_tag, sums + at + v * step)), mask);
      below |= static_cast<std::uint64_t>(mask[0] | static_cast<unsigned>(mask[1]) << 8U) << v * step;
    }
    for (std::uint64_t bits = ~below; bits != 0; bits &= bits - 1)
      positions[found++] = static_cast<std::uint32_t>(at + hwy::Num0BitsBelowLS1Bit_Nonzero64(bits));
  }
  return found;
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(sum_tiles);
HWY_EXPORT(positions_reaching);

void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(sum_tiles)(queries, query_count, table, first, tile_count, sums, leads, stride);
}

std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* bars, std::size_t block_count,
                               std::uint32_t* positions) {
  return HWY_DYNAMIC_DISPATCH(positions_reaching)(sums, bars, block_count, positions);
}

} // namespace winnow::kernels
#endif
