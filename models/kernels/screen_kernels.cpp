#include "models/kernels/screen_kernels.hpp"

#include <algorithm>

// Enables AVX-512 VNNI, which Highway disables by default.
#define HWY_WANT_AVX3_DL

// Highway compiles the code between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set by
// re-including this file. Code that must exist only once is under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// The register blocks below need a vector length known at compile time, which scalable vectors do not have.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/kernels/screen_kernels.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h.
#include <hwy/highway.h>

#include "models/kernels/byte_products-inl.hpp"
#include "models/kernels/registers-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using halves = hn::Rebind<std::int16_t, quads>; // as many sums as a vector has quads
constexpr halves half_tag{};
constexpr std::size_t step = hn::MaxLanes(quads{});
constexpr std::size_t parts = screen_width / step; // vectors per quad of columns of a tile

/// The number of sums kept in registers beside the operands, and of queries that share the load of a row.
constexpr std::size_t most_sums = has_many_registers ? 16 : 8;
constexpr std::size_t most_queries = std::clamp<std::size_t>(most_sums / parts, 1, 4);

/// Bytes of a quad of columns in a tile and in a block.
constexpr std::size_t tile_quad = screen_width * quad, block_quad = block_tiles * tile_quad;

/// How many columns are summed before 16-bit sums could overflow; 0 (all columns) if sums have 32 bits.
constexpr std::size_t segment_columns = sums_quads ? 0 : 128;

screen_form form_of_screens() {
  constexpr float whole = 127, half = 64; // two products of a row's byte and `half` fit 16 bits
  return {segment_columns, sums_quads ? whole : half};
}

/// Adds to a sum before any later operation. By default, GCC computes all products before the first addition.
/// They do not fit the registers, and a sum that is spilled to memory makes the loop half as fast.
HWY_INLINE void add_now(quad_vector& sum, quad_vector rows, quad_vector query) {
  sum = add_products(sum, rows, query);
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3 && HWY_COMPILER_GCC_ACTUAL
  auto raw = sum.raw;
  asm volatile("" : "+v"(raw));
  sum = quad_vector{raw};
#endif
}

/// Prefetches the next block while the tiles of the current one are summed. Each group of queries prefetches
/// its share. The processor's own prefetching is too late for four queries, which pass over a block once:
/// without this, they are a fifth slower.
struct fetch_ahead {
  std::size_t group, groups; // index of the current group of queries, and their number

  template<std::size_t Tiles>
  void fetch(const std::uint8_t* block, std::size_t quads_each, std::size_t at) const {
    constexpr std::size_t bytes = Tiles * tile_quad, lines = bytes / 64;
    const std::size_t share = bytes / groups;
    const auto* const from = block + quads_each * block_quad + (group * quads_each + at) * share;
    for (std::size_t line = 0; line < lines; ++line)
      __builtin_prefetch(from + line * share / lines, 0, 2); // not into the first-level cache: it has no room
  }
};

/// Computes the sums of `Queries` queries with `Tiles` tiles over the quads of one segment, all in registers.
/// @param rows The bytes of the first tile.
template<std::size_t Queries, std::size_t Tiles>
HWY_INLINE void sum_segment(const screen_query* queries, const std::uint8_t* rows, std::size_t quads_each,
                            fetch_ahead next, std::size_t segment,
                            quad_vector (&sum)[Queries][Tiles * parts]) {
  constexpr std::size_t vectors = Tiles * parts;
  const std::size_t begin = segment * segment_columns / quad;
  const std::size_t end =
      segment_columns == 0 ? quads_each : std::min(quads_each, begin + segment_columns / quad);
  const std::int32_t* bytes[Queries];
  for (std::size_t q = 0; q < Queries; ++q) {
    bytes[q] = queries[q].quads;
    for (std::size_t i = 0; i < vectors; ++i)
      sum[q][i] = hn::Set(quad_tag, queries[q].starts[segment]);
  }
  for (std::size_t at = begin; at < end; ++at) {
    next.fetch<Tiles>(rows, quads_each, at);
    quad_vector row[vectors];
    for (std::size_t i = 0; i < vectors; ++i)
      row[i] = hn::Load(quad_tag, reinterpret_cast<const std::int32_t*>(rows + at * block_quad) + i * step);
    for (std::size_t q = 0; q < Queries; ++q) {
      const auto query = hn::Set(quad_tag, bytes[q][at]);
      for (std::size_t i = 0; i < vectors; ++i)
        add_now(sum[q][i], row[i], query);
    }
  }
  for (auto& of_query : sum)
    for (auto& value : of_query)
      value = row_sums(value);
}

template<std::size_t Queries, std::size_t Tiles>
HWY_INLINE void sum_some(const screen_query* queries, const std::uint8_t* rows, std::size_t quads_each,
                         fetch_ahead next, std::int16_t* sums, std::int16_t* leads, std::size_t stride) {
  quad_vector sum[Queries][Tiles * parts];
  sum_segment<Queries, Tiles>(queries, rows, quads_each, next, 0, sum);
  if constexpr (segment_columns > 0)
    for (std::size_t segment = 1; segment * segment_columns < quads_each * quad; ++segment) {
      quad_vector more[Queries][Tiles * parts];
      sum_segment<Queries, Tiles>(queries, rows, quads_each, next, segment, more);
      for (std::size_t q = 0; q < Queries; ++q)
        for (std::size_t i = 0; i < Tiles * parts; ++i)
          sum[q][i] = hn::Add(sum[q][i], more[q][i]);
    }
  for (std::size_t q = 0; q < Queries; ++q) {
    const int shift = queries[q].shift;
    const auto nearest = hn::Set(quad_tag, shift == 0 ? 0 : 1 << (shift - 1));
    for (std::size_t p = 0; p < parts; ++p) {
      std::int16_t* const lead = leads + q * stride / block_tiles + p * step;
      auto most = hn::Load(half_tag, lead);
      for (std::size_t t = 0; t < Tiles; ++t) {
        const auto rounded = hn::ShiftRightSame(hn::Add(sum[q][t * parts + p], nearest), shift);
        const auto total = hn::DemoteTo(half_tag, rounded);
        hn::Store(total, half_tag, sums + q * stride + t * screen_width + p * step);
        most = hn::Max(most, total);
      }
      hn::Store(most, half_tag, lead);
    }
  }
}

/// Returns how many tiles are summed at once for a number of queries. Fewer queries take more tiles, which
/// fills the registers and hides the latency of the products.
constexpr std::size_t tiles_together(std::size_t queries) {
  std::size_t tiles = 1;
  while (2 * tiles * queries * parts <= most_sums && tiles < block_tiles)
    tiles *= 2;
  return tiles;
}

/// Computes the sums of `Queries` queries over a block.
template<std::size_t Queries>
HWY_INLINE void sum_block(const screen_query* queries, const std::uint8_t* block, std::size_t quads_each,
                          std::size_t tile_count, fetch_ahead next, std::int16_t* sums, std::int16_t* leads,
                          std::size_t stride) {
  constexpr std::size_t together = tiles_together(Queries);
  for (std::size_t q = 0; q < Queries; ++q)
    std::fill_n(leads + q * stride / block_tiles, screen_width, excluded_sum);
  std::size_t t = 0;
  for (; t + together <= tile_count; t += together)
    sum_some<Queries, together>(queries, block + t * tile_quad, quads_each, next, sums + t * screen_width,
                                leads, stride);
  for (; t < tile_count; ++t)
    sum_some<Queries, 1>(queries, block + t * tile_quad, quads_each, next, sums + t * screen_width, leads,
                         stride);
}

/// Computes the sums of `left` queries (at most `Most`) over a block, with their number as a compile-time
/// constant.
template<std::size_t Most>
HWY_INLINE void sum_queries(std::size_t left, const screen_query* queries, const std::uint8_t* block,
                            std::size_t quads_each, std::size_t tile_count, fetch_ahead next,
                            std::int16_t* sums, std::int16_t* leads, std::size_t stride) {
  if constexpr (Most > 1)
    if (left < Most)
      return sum_queries<Most - 1>(left, queries, block, quads_each, tile_count, next, sums, leads, stride);
  sum_block<Most>(queries, block, quads_each, tile_count, next, sums, leads, stride);
}

void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride) {
  // Loops over blocks first: a block stays in the first-level cache while all queries pass over it.
  for (std::size_t t = 0; t < tile_count; t += block_tiles) {
    const std::size_t count = std::min(block_tiles, tile_count - t);
    const auto* const block = table.bytes + (first + t / block_tiles) * table.quads * block_quad;
    for (std::size_t q = 0; q < query_count;) {
      std::int16_t* const to = sums + q * stride + t * screen_width;
      std::int16_t* const lead = leads + (q * stride + t * screen_width) / block_tiles;
      const std::size_t left = std::min(query_count - q, most_queries);
      const fetch_ahead next{q / most_queries, (query_count + most_queries - 1) / most_queries};
      sum_queries<most_queries>(left, queries + q, block, table.quads, count, next, to, lead, stride);
      q += left;
    }
  }
}

void bound_leads(const screen_query& query, const screen_block* blocks, std::size_t count,
                 const std::int16_t* leads, float* lower) {
  using floats = hn::Rebind<float, quads>;
  constexpr floats float_tag{};
  for (std::size_t b = 0; b < count; ++b) {
    const auto unit = hn::Set(float_tag, blocks[b].scale * query.scale);
    const auto error = hn::Set(float_tag, blocks[b].error(query));
    for (std::size_t p = 0; p < parts; ++p) {
      const std::size_t at = b * screen_width + p * step;
      const auto sum = hn::ConvertTo(float_tag, hn::PromoteTo(quad_tag, hn::Load(half_tag, leads + at)));
      hn::StoreU(hn::Sub(hn::Mul(sum, unit), error), float_tag, lower + at);
    }
  }
}

std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* leads, const std::int16_t* bars,
                               std::size_t block_count, std::uint32_t* positions) {
  using some_leads = hn::CappedTag<std::int16_t, screen_width>;
  constexpr some_leads lead_tag{};
  constexpr std::size_t lanes = hn::MaxLanes(some_leads{});
  std::size_t found = 0;
  for (std::size_t b = 0; b < block_count; ++b) {
    const auto bar = hn::Set(lead_tag, bars[b]);
    for (std::size_t p = 0; p < screen_width; p += lanes) {
      std::uint8_t mask[8] = {}; // `StoreMaskBits` may write up to 8 bytes
      const auto lead = hn::Load(lead_tag, leads + b * screen_width + p);
      hn::StoreMaskBits(lead_tag, hn::Not(hn::Gt(bar, lead)), mask);
      for (unsigned bits = mask[0] | static_cast<unsigned>(mask[1]) << 8U; bits != 0; bits &= bits - 1) {
        const std::size_t first = b * block_rows + p + hwy::Num0BitsBelowLS1Bit_Nonzero32(bits);
        // A branch would be unpredictable: each position is written, and the next overwrites a wrong one.
        for (std::size_t at = first; at < first + block_rows; at += screen_width) {
          positions[found] = static_cast<std::uint32_t>(at);
          found += sums[at] >= bars[b] ? 1 : 0;
        }
      }
    }
  }
  return found;
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(form_of_screens);
HWY_EXPORT(sum_tiles);
HWY_EXPORT(bound_leads);
HWY_EXPORT(positions_reaching);

screen_form form_of_screens() {
  return HWY_DYNAMIC_DISPATCH(form_of_screens)();
}

void sum_tiles(const screen_query* queries, std::size_t query_count, const screen_tiles& table,
               std::size_t first, std::size_t tile_count, std::int16_t* sums, std::int16_t* leads,
               std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(sum_tiles)(queries, query_count, table, first, tile_count, sums, leads, stride);
}

void bound_leads(const screen_query& query, const screen_block* blocks, std::size_t count,
                 const std::int16_t* leads, float* lower) {
  HWY_DYNAMIC_DISPATCH(bound_leads)(query, blocks, count, leads, lower);
}

std::size_t positions_reaching(const std::int16_t* sums, const std::int16_t* leads, const std::int16_t* bars,
                               std::size_t block_count, std::uint32_t* positions) {
  return HWY_DYNAMIC_DISPATCH(positions_reaching)(sums, leads, bars, block_count, positions);
}

} // namespace winnow::kernels
#endif
