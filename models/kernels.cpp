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

/// Runs `body(count, first)` for the first `columns` columns of a tile, `count` vectors of them from column
/// `first` on: two, as what is loaded for one serves the other as well, or the one that is left. `count` is a
/// constant in it.
template<class Body>
HWY_INLINE void in_pairs(std::size_t columns, const Body& body) {
  std::size_t first = 0;
  for (; columns > first + lanes; first += 2 * lanes)
    body(std::integral_constant<std::size_t, 2>{}, first);
  if (columns > first)
    body(std::integral_constant<std::size_t, 1>{}, first);
}

/// `Rows` rows of the product, kept in registers over the whole depth.
template<std::size_t Rows, std::size_t Parts>
HWY_INLINE void product(const float* HWY_RESTRICT a, std::size_t depth, const float* HWY_RESTRICT b,
                        vector (&sum)[Rows][Parts]) {
  for (std::size_t k = 0; k < depth; ++k) {
    vector in[Parts];
    for (std::size_t p = 0; p < Parts; ++p)
      in[p] = hn::Load(tag, b + k * tile_width + p * lanes);
    for (std::size_t r = 0; r < Rows; ++r) {
      const vector w = hn::Set(tag, a[r * depth + k]);
      for (std::size_t p = 0; p < Parts; ++p)
        sum[r][p] = hn::MulAdd(w, in[p], sum[r][p]);
    }
  }
}

// There are 16 up to AVX2.
constexpr bool has_many_registers = HWY_TARGET <= HWY_AVX3 || !HWY_ARCH_X86;

// How many rows of so many vectors fit the registers beside the inputs.
template<std::size_t Parts>
constexpr std::size_t row_block = Parts == 1 || has_many_registers ? 12 : 6;

/// Runs `body(rows, first)`; the number of rows, at most `Most`, is a constant in it.
template<std::size_t Most, class Body>
HWY_INLINE void with_rows(std::size_t rows, std::size_t first, const Body& body) {
  if constexpr (Most > 0) {
    if (rows == Most)
      body(std::integral_constant<std::size_t, Most>{}, first);
    else
      with_rows<Most - 1>(rows, first, body);
  }
}

/// Runs `body(rows, first)` for blocks of at most `Block` rows, all about as long: a few rows that are left
/// over would wait for each other's additions.
template<std::size_t Block, class Body>
HWY_INLINE void in_blocks(std::size_t rows, const Body& body) {
  const std::size_t blocks = (rows + Block - 1) / Block;
  std::size_t first = 0;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t end = rows * (b + 1) / blocks;
    with_rows<Block>(end - first, first, body);
    first = end;
  }
}

template<std::size_t Rows, std::size_t Parts>
HWY_INLINE void multiply_rows(const float* weights, std::size_t depth, const float* bias, activation act,
                              const float* in, float* out) {
  vector sum[Rows][Parts];
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t p = 0; p < Parts; ++p)
      sum[r][p] = hn::Set(tag, bias ? bias[r] : 0.0f);
  product(weights, depth, in, sum);
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t p = 0; p < Parts; ++p) {
      const vector value = act == activation::relu ? hn::Max(sum[r][p], hn::Zero(tag)) : sum[r][p];
      hn::Store(value, tag, out + r * tile_width + p * lanes);
    }
}

void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out, std::size_t columns) {
  in_pairs(columns, [&](auto vectors, std::size_t first) {
    constexpr std::size_t n = decltype(vectors)::value;
    in_blocks<row_block<n>>(rows, [&](auto count, std::size_t r) {
      multiply_rows<decltype(count)::value, n>(weights + r * depth, depth, bias ? bias + r : nullptr, act,
                                               in + first, out + r * tile_width + first);
    });
  });
}

/// Puts numbers `k` to `k + 4` of four rows into rows `k` to `k + 4` of a tile.
HWY_INLINE void transpose_four(const float* const* rows, std::size_t k, float* tile) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t i = 0; i < 4; ++i)
      tile[(k + i) * tile_width + row] = rows[row][k + i];
#else
  using four = hn::CappedTag<float, 4>;
  constexpr four narrow{};
  const auto a = hn::LoadU(narrow, rows[0] + k), b = hn::LoadU(narrow, rows[1] + k);
  const auto c = hn::LoadU(narrow, rows[2] + k), d = hn::LoadU(narrow, rows[3] + k);
  const auto ab = hn::InterleaveLower(narrow, a, b), cd = hn::InterleaveLower(narrow, c, d);
  const auto above_ab = hn::InterleaveUpper(narrow, a, b), above_cd = hn::InterleaveUpper(narrow, c, d);
  hn::Store(hn::ConcatLowerLower(narrow, cd, ab), narrow, tile + k * tile_width);
  hn::Store(hn::ConcatUpperUpper(narrow, cd, ab), narrow, tile + (k + 1) * tile_width);
  hn::Store(hn::ConcatLowerLower(narrow, above_cd, above_ab), narrow, tile + (k + 2) * tile_width);
  hn::Store(hn::ConcatUpperUpper(narrow, above_cd, above_ab), narrow, tile + (k + 3) * tile_width);
#endif
}

void rows_to_tile(const float* const* rows, std::size_t count, std::size_t width, float* tile) {
  const std::size_t fours = width / 4 * 4;
  std::size_t column = 0;
  for (; column + 4 <= count; column += 4) {
    for (std::size_t k = 0; k < fours; k += 4)
      transpose_four(rows + column, k, tile + column);
    for (std::size_t k = fours; k < width; ++k)
      for (std::size_t i = column; i < column + 4; ++i)
        tile[k * tile_width + i] = rows[i][k];
  }
  for (std::size_t k = 0; k < width; ++k) {
    float* const row = tile + k * tile_width;
    for (std::size_t i = column; i < count; ++i)
      row[i] = rows[i][k];
    std::fill(row + count, row + tile_width, 0.0f);
  }
}

void sum_rows(const float* const* rows, std::size_t count, std::size_t width, float* sum) {
  std::size_t k = 0;
  constexpr std::size_t together = 4; // chains of additions, to hide their latency
  for (; k + together * lanes <= width; k += together * lanes) {
    vector total[together];
    for (auto& value : total)
      value = hn::Zero(tag);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t i = 0; i < together; ++i)
        total[i] = hn::Add(total[i], hn::LoadU(tag, rows[r] + k + i * lanes));
    for (std::size_t i = 0; i < together; ++i)
      hn::StoreU(total[i], tag, sum + k + i * lanes);
  }
  for (; k < width; ++k) {
    float total = 0; // not in `sum`, which may be one of the rows
    for (std::size_t r = 0; r < count; ++r)
      total += rows[r][k];
    sum[k] = total;
  }
}

template<std::size_t Vectors>
HWY_INLINE void multiply_columns(const float* columns, std::size_t stride, std::size_t depth,
                                 const float* start, const float* by, float* out) {
  vector sum[Vectors];
  for (std::size_t i = 0; i < Vectors; ++i)
    sum[i] = hn::Load(tag, start + i * lanes);
  for (std::size_t k = 0; k < depth; ++k) {
    const vector factor = hn::Set(tag, by[k]);
    for (std::size_t i = 0; i < Vectors; ++i)
      sum[i] = hn::MulAdd(hn::Load(tag, columns + k * stride + i * lanes), factor, sum[i]);
  }
  for (std::size_t i = 0; i < Vectors; ++i)
    hn::Store(sum[i], tag, out + i * lanes);
}

void multiply_vector(const float* columns, std::size_t stride, std::size_t depth, const float* start,
                     const float* by, float* out) {
  constexpr std::size_t together = 8, pair = 2; // the more, the better the latency of additions is hidden
  std::size_t r = 0;
  for (; r + together * lanes <= stride; r += together * lanes)
    multiply_columns<together>(columns + r, stride, depth, start + r, by, out + r);
  for (; r < stride; r += pair * lanes)
    multiply_columns<pair>(columns + r, stride, depth, start + r, by, out + r);
}

template<std::size_t Items, std::size_t Parts>
HWY_INLINE void attend(const float* query, const float* key, const float* weight, std::size_t channels,
                       float* out) {
  vector sum[Items][Parts];
  for (auto& row : sum)
    for (auto& value : row)
      value = hn::Zero(tag);
  for (std::size_t d = 0; d < channels; ++d) {
    const vector w = hn::Set(tag, weight[d]);
    vector q[Parts];
    for (std::size_t p = 0; p < Parts; ++p)
      q[p] = hn::Load(tag, query + d * tile_width + p * lanes);
    for (std::size_t h = 0; h < Items; ++h) {
      const vector k = hn::Set(tag, key[d * tile_width + h]);
      for (std::size_t p = 0; p < Parts; ++p)
        sum[h][p] = hn::MulAdd(w, hn::Max(hn::Add(q[p], k), hn::Zero(tag)), sum[h][p]);
    }
  }
  for (std::size_t h = 0; h < Items; ++h)
    for (std::size_t p = 0; p < Parts; ++p)
      hn::Store(sum[h][p], tag, out + h * tile_width + p * lanes);
}

// How many history items the registers hold beside the query.
template<std::size_t Parts>
constexpr std::size_t history_block = Parts == 1 || has_many_registers ? 8 : 4;

void attention_tile(const float* query, const float* key, const float* weight, std::size_t channels,
                    std::size_t length, float* out, std::size_t columns) {
  in_pairs(columns, [&](auto vectors, std::size_t first) {
    constexpr std::size_t n = decltype(vectors)::value;
    for (std::size_t tile = 0; tile < length; tile += tile_width)
      in_blocks<history_block<n>>(std::min(tile_width, length - tile), [&](auto count, std::size_t h) {
        attend<decltype(count)::value, n>(query + first, key + tile * channels + h, weight, channels,
                                          out + (tile + h) * tile_width + first);
      });
  });
}

void softmax_columns(float* tile, std::size_t rows, std::size_t columns) {
  // Less than this below the highest weighs nothing. Left as they are, the least weights were denormal
  // numbers, which cost a processor hundreds of cycles each: a third of all of DIN on an Intel one.
  const vector nothing = hn::Set(tag, -60.0f);
  for (std::size_t first = 0; first < columns; first += lanes) {
    float* column = tile + first;
    vector highest = hn::Load(tag, column);
    for (std::size_t r = 1; r < rows; ++r)
      highest = hn::Max(highest, hn::Load(tag, column + r * tile_width));
    vector total = hn::Zero(tag);
    for (std::size_t r = 0; r < rows; ++r) {
      const vector below = hn::Sub(hn::Load(tag, column + r * tile_width), highest);
      const vector e = hn::IfThenElseZero(hn::Ge(below, nothing), hn::Exp(tag, below));
      total = hn::Add(total, e);
      hn::Store(e, tag, column + r * tile_width);
    }
    const vector scale = hn::Div(hn::Set(tag, 1.0f), total);
    for (std::size_t r = 0; r < rows; ++r)
      hn::Store(hn::Mul(hn::Load(tag, column + r * tile_width), scale), tag, column + r * tile_width);
  }
}

template<std::size_t Rows, std::size_t Parts>
HWY_INLINE void pool_rows(const float* feature, const float* weight, std::size_t depth, std::size_t length,
                          float* out) {
  vector sum[Rows][Parts];
  for (auto& row : sum)
    for (auto& value : row)
      value = hn::Zero(tag);
  for (std::size_t h = 0; h < length; ++h) {
    const float* item = feature + h / tile_width * tile_width * depth + h % tile_width;
    vector w[Parts];
    for (std::size_t p = 0; p < Parts; ++p)
      w[p] = hn::Load(tag, weight + h * tile_width + p * lanes);
    for (std::size_t r = 0; r < Rows; ++r) {
      const vector x = hn::Set(tag, item[r * tile_width]);
      for (std::size_t p = 0; p < Parts; ++p)
        sum[r][p] = hn::MulAdd(x, w[p], sum[r][p]);
    }
  }
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t p = 0; p < Parts; ++p)
      hn::Store(sum[r][p], tag, out + r * tile_width + p * lanes);
}

void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out,
               std::size_t columns) {
  in_pairs(columns, [&](auto vectors, std::size_t first) {
    constexpr std::size_t n = decltype(vectors)::value;
    in_blocks<row_block<n>>(depth, [&](auto count, std::size_t r) {
      pool_rows<decltype(count)::value, n>(feature + r * tile_width, weight + first, depth, length,
                                           out + r * tile_width + first);
    });
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
HWY_EXPORT(rows_to_tile);
HWY_EXPORT(sum_rows);
HWY_EXPORT(multiply_vector);
HWY_EXPORT(attention_tile);
HWY_EXPORT(softmax_columns);
HWY_EXPORT(pool_tile);
HWY_EXPORT(instruction_set);

void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out, std::size_t columns) {
  HWY_DYNAMIC_DISPATCH(multiply_tile)(weights, rows, depth, bias, act, in, out, columns);
}

void rows_to_tile(const float* const* rows, std::size_t count, std::size_t width, float* tile) {
  HWY_DYNAMIC_DISPATCH(rows_to_tile)(rows, count, width, tile);
}

void sum_rows(const float* const* rows, std::size_t count, std::size_t width, float* sum) {
  HWY_DYNAMIC_DISPATCH(sum_rows)(rows, count, width, sum);
}

void multiply_vector(const float* columns, std::size_t stride, std::size_t depth, const float* start,
                     const float* by, float* out) {
  HWY_DYNAMIC_DISPATCH(multiply_vector)(columns, stride, depth, start, by, out);
}

void attention_tile(const float* query, const float* key, const float* weight, std::size_t channels,
                    std::size_t length, float* out, std::size_t columns) {
  HWY_DYNAMIC_DISPATCH(attention_tile)(query, key, weight, channels, length, out, columns);
}

void softmax_columns(float* tile, std::size_t rows, std::size_t columns) {
  HWY_DYNAMIC_DISPATCH(softmax_columns)(tile, rows, columns);
}

void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out,
               std::size_t columns) {
  HWY_DYNAMIC_DISPATCH(pool_tile)(feature, weight, depth, length, out, columns);
}

const char* instruction_set() {
  return HWY_DYNAMIC_DISPATCH(instruction_set)();
}

} // namespace winnow::kernels
#endif
