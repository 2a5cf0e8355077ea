#include "models/kernels.hpp"

#include <algorithm>

// Highway compiles what stands between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set,
// by including this file again; what must exist only once stands under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// Scalable vectors have no length at compile time, which the register blocks below need.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h comes first.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::CappedTag<float, tile_width>;
using vector = hn::Vec<floats>;

constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});
constexpr std::size_t parts = tile_width / lanes; // vectors that make up a row of a tile

/// `Rows` rows of the product, for `Tiles` tiles at once, kept in registers over the whole depth.
template<std::size_t Rows, std::size_t Tiles>
HWY_INLINE void product(const float* HWY_RESTRICT a, std::size_t depth, const float* HWY_RESTRICT b,
                        std::size_t tile_stride, vector (&sum)[Rows][Tiles * parts]) {
  for (std::size_t k = 0; k < depth; ++k) {
    vector in[Tiles * parts];
    for (std::size_t t = 0; t < Tiles; ++t)
      for (std::size_t p = 0; p < parts; ++p)
        in[t * parts + p] = hn::Load(tag, b + t * tile_stride + k * tile_width + p * lanes);
    for (std::size_t r = 0; r < Rows; ++r) {
      const vector w = hn::Set(tag, a[r * depth + k]);
      for (std::size_t i = 0; i < Tiles * parts; ++i)
        sum[r][i] = hn::MulAdd(w, in[i], sum[r][i]);
    }
  }
}

// How many rows fit the registers beside the inputs: 16 registers up to AVX2, 32 with AVX-512 and NEON.
constexpr std::size_t row_block = parts == 1 ? 12 : parts == 2 ? 6 : 3;

/// Runs `body(rows, first)` for the `left` rows from `first` on, at most `Most`; the number of rows is a
/// constant in it.
template<std::size_t Most, class Body>
HWY_INLINE void remaining_rows(std::size_t left, std::size_t first, const Body& body) {
  if constexpr (Most > 0) {
    if (left == Most)
      body(std::integral_constant<std::size_t, Most>{}, first);
    else
      remaining_rows<Most - 1>(left, first, body);
  }
}

/// Runs `body(rows, first)` for blocks of rows that fit the registers, and for what is left over.
template<class Body>
HWY_INLINE void in_row_blocks(std::size_t rows, const Body& body) {
  std::size_t first = 0;
  for (; first + row_block <= rows; first += row_block)
    body(std::integral_constant<std::size_t, row_block>{}, first);
  remaining_rows<row_block - 1>(rows - first, first, body);
}

template<std::size_t Rows>
HWY_INLINE void multiply_rows(const float* weights, std::size_t depth, const float* bias, activation act,
                              const float* in, float* out) {
  vector sum[Rows][parts];
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t p = 0; p < parts; ++p)
      sum[r][p] = hn::Set(tag, bias ? bias[r] : 0.0f);
  product<Rows, 1>(weights, depth, in, 0, sum);
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t p = 0; p < parts; ++p) {
      const vector value = act == activation::relu ? hn::Max(sum[r][p], hn::Zero(tag)) : sum[r][p];
      hn::Store(value, tag, out + r * tile_width + p * lanes);
    }
}

void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out) {
  in_row_blocks(rows, [&](auto count, std::size_t r) {
    multiply_rows<decltype(count)::value>(weights + r * depth, depth, bias ? bias + r : nullptr, act, in,
                                          out + r * tile_width);
  });
}

template<std::size_t Rows, std::size_t Tiles>
HWY_INLINE void score_block(const float* query, std::size_t depth, const float* table, float* scores,
                            std::size_t stride) {
  vector sum[Rows][Tiles * parts];
  for (auto& row : sum)
    for (auto& value : row)
      value = hn::Zero(tag);
  product<Rows, Tiles>(query, depth, table, depth * tile_width, sum);
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t i = 0; i < Tiles * parts; ++i)
      hn::Store(sum[r][i], tag, scores + r * stride + i * lanes);
}

void score_tiles(const float* query, std::size_t queries, std::size_t depth, const float* table,
                 std::size_t tile_count, float* scores, std::size_t stride) {
  const std::size_t tile_size = depth * tile_width;
  // A few tiles stay in the cache while all queries pass over them.
  constexpr std::size_t group = 4;
  std::size_t t = 0;
  for (; t + group <= tile_count; t += group)
    in_row_blocks(queries, [&](auto count, std::size_t q) {
      constexpr std::size_t rows = decltype(count)::value;
      // One or two rows are too few to hide the latency of the additions: they take several tiles at once.
      constexpr std::size_t together = rows == 1 ? 4 : rows == 2 ? 2 : 1;
      for (std::size_t i = t; i < t + group; i += together)
        score_block<rows, together>(query + q * depth, depth, table + i * tile_size,
                                    scores + q * stride + i * tile_width, stride);
    });
  for (; t < tile_count; ++t)
    in_row_blocks(queries, [&](auto count, std::size_t q) {
      score_block<decltype(count)::value, 1>(query + q * depth, depth, table + t * tile_size,
                                             scores + q * stride + t * tile_width, stride);
    });
}

std::size_t positions_above(const float* scores, std::size_t count, float threshold,
                            std::uint32_t* positions) {
  const vector limit = hn::Set(tag, threshold);
  std::size_t found = 0;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    if (HWY_LIKELY(hn::AllFalse(tag, hn::Gt(hn::LoadU(tag, scores + i), limit))))
      continue;
    for (std::size_t lane = i; lane < i + lanes; ++lane)
      if (scores[lane] > threshold)
        positions[found++] = static_cast<std::uint32_t>(lane);
  }
  for (; i < count; ++i)
    if (scores[i] > threshold)
      positions[found++] = static_cast<std::uint32_t>(i);
  return found;
}

template<std::size_t Items>
HWY_INLINE void attend(const float* query, const float* key, const float* weight, std::size_t channels,
                       float* out) {
  vector sum[Items][parts];
  for (auto& row : sum)
    for (auto& value : row)
      value = hn::Zero(tag);
  for (std::size_t d = 0; d < channels; ++d) {
    const vector w = hn::Set(tag, weight[d]);
    vector q[parts];
    for (std::size_t p = 0; p < parts; ++p)
      q[p] = hn::Load(tag, query + d * tile_width + p * lanes);
    for (std::size_t h = 0; h < Items; ++h) {
      const vector k = hn::Set(tag, key[d * tile_width + h]);
      for (std::size_t p = 0; p < parts; ++p)
        sum[h][p] = hn::MulAdd(w, hn::Max(hn::Add(q[p], k), hn::Zero(tag)), sum[h][p]);
    }
  }
  for (std::size_t h = 0; h < Items; ++h)
    for (std::size_t p = 0; p < parts; ++p)
      hn::Store(sum[h][p], tag, out + h * tile_width + p * lanes);
}

void attention_tile(const float* query, const float* key, const float* weight, std::size_t channels,
                    std::size_t length, float* out) {
  constexpr std::size_t block =
      parts == 4 ? 2 : 4; // what the registers hold beside the query; divides a tile
  for (std::size_t h = 0; h < length;) {
    const float* from = key + h / tile_width * tile_width * channels + h % tile_width;
    if (h + block <= length) {
      attend<block>(query, from, weight, channels, out + h * tile_width);
      h += block;
    } else {
      attend<1>(query, from, weight, channels, out + h * tile_width);
      ++h;
    }
  }
}

void softmax_columns(float* tile, std::size_t rows) {
  for (std::size_t p = 0; p < parts; ++p) {
    float* column = tile + p * lanes;
    vector highest = hn::Load(tag, column);
    for (std::size_t r = 1; r < rows; ++r)
      highest = hn::Max(highest, hn::Load(tag, column + r * tile_width));
    vector total = hn::Zero(tag);
    for (std::size_t r = 0; r < rows; ++r) {
      const vector e = hn::Exp(tag, hn::Sub(hn::Load(tag, column + r * tile_width), highest));
      total = hn::Add(total, e);
      hn::Store(e, tag, column + r * tile_width);
    }
    const vector scale = hn::Div(hn::Set(tag, 1.0f), total);
    for (std::size_t r = 0; r < rows; ++r)
      hn::Store(hn::Mul(hn::Load(tag, column + r * tile_width), scale), tag, column + r * tile_width);
  }
}

template<std::size_t Rows>
HWY_INLINE void pool_rows(const float* feature, const float* weight, std::size_t depth, std::size_t length,
                          float* out) {
  vector sum[Rows][parts];
  for (auto& row : sum)
    for (auto& value : row)
      value = hn::Zero(tag);
  for (std::size_t h = 0; h < length; ++h) {
    const float* item = feature + h / tile_width * tile_width * depth + h % tile_width;
    vector w[parts];
    for (std::size_t p = 0; p < parts; ++p)
      w[p] = hn::Load(tag, weight + h * tile_width + p * lanes);
    for (std::size_t r = 0; r < Rows; ++r) {
      const vector x = hn::Set(tag, item[r * tile_width]);
      for (std::size_t p = 0; p < parts; ++p)
        sum[r][p] = hn::MulAdd(x, w[p], sum[r][p]);
    }
  }
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t p = 0; p < parts; ++p)
      hn::Store(sum[r][p], tag, out + r * tile_width + p * lanes);
}

void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out) {
  in_row_blocks(depth, [&](auto count, std::size_t r) {
    pool_rows<decltype(count)::value>(feature + r * tile_width, weight, depth, length, out + r * tile_width);
  });
}

const char* instruction_set() {
  return hwy::TargetName(HWY_TARGET);
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(multiply_tile);
HWY_EXPORT(score_tiles);
HWY_EXPORT(positions_above);
HWY_EXPORT(attention_tile);
HWY_EXPORT(softmax_columns);
HWY_EXPORT(pool_tile);
HWY_EXPORT(instruction_set);

void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out) {
  HWY_DYNAMIC_DISPATCH(multiply_tile)(weights, rows, depth, bias, act, in, out);
}

void score_tiles(const float* query, std::size_t queries, std::size_t depth, const float* table,
                 std::size_t tile_count, float* scores, std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(score_tiles)(query, queries, depth, table, tile_count, scores, stride);
}

std::size_t positions_above(const float* scores, std::size_t count, float threshold,
                            std::uint32_t* positions) {
  return HWY_DYNAMIC_DISPATCH(positions_above)(scores, count, threshold, positions);
}

void attention_tile(const float* query, const float* key, const float* weight, std::size_t channels,
                    std::size_t length, float* out) {
  HWY_DYNAMIC_DISPATCH(attention_tile)(query, key, weight, channels, length, out);
}

void softmax_columns(float* tile, std::size_t rows) {
  HWY_DYNAMIC_DISPATCH(softmax_columns)(tile, rows);
}

void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out) {
  HWY_DYNAMIC_DISPATCH(pool_tile)(feature, weight, depth, length, out);
}

const char* instruction_set() {
  return HWY_DYNAMIC_DISPATCH(instruction_set)();
}

} // namespace winnow::kernels
#endif
