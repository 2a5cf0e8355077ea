#include "models/kernels/kernels.hpp"

#include <algorithm>

// Highway compiles the code between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once per instruction set by
// re-including this file. Code that must exist only once is under HWY_ONCE.
#undef HWY_TARGET_INCLUDE
// The register blocks below need a vector length known at compile time, which scalable vectors do not have.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/kernels/kernels.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h.
#include <hwy/highway.h>

#include "models/kernels/tiles-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {

/// The rows of a layer. Without biases, all rows use the same zero (`bias_step` is 0).
struct layer_rows {
  const float* weights;
  std::size_t depth;
  const float* bias;
  std::size_t bias_step;
  activation act;

  layer_rows from(std::size_t row) const {
    return {weights + row * depth, depth, bias + row * bias_step, bias_step, act};
  }
};

/// Computes `Rows` rows of the product, which stay in registers over the whole depth.
template<std::size_t Rows, class Columns>
HWY_INLINE void multiply_rows(const layer_rows& layer, const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                              Columns columns) {
  constexpr std::size_t parts = Columns::parts;
  using sums = row_sums<Rows, parts>;
  sums sum;
  unrolled<Rows>([&](auto r) {
    const vector bias = hn::Set(tag, layer.bias[r * layer.bias_step]);
    unrolled<parts>([&](auto p) { sum.of[r][p] = bias; });
  });
  for (std::size_t k = 0; k < layer.depth; ++k) {
    vector at[parts];
    unrolled<parts>([&](auto p) { at[p] = hn::Load(tag, in + k * tile_width + columns.first + p * lanes); });
    unrolled<Rows>([&](auto r) {
      const vector w = hn::Set(tag, layer.weights[r * layer.depth + k]);
      unrolled<parts>([&](auto p) { sum.of[r][p] = hn::MulAdd(w, at[p], sum.of[r][p]); });
    });
  }
  if (layer.act == activation::relu)
    sums::each([&](auto r, auto p) { sum.of[r][p] = hn::Max(sum.of[r][p], hn::Zero(tag)); });
  sums::each([&](auto r, auto p) { columns.template store<p>(sum.of[r][p], out + r * tile_width); });
}

void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out, column_range columns) {
  static constexpr float no_bias = 0;
  const layer_rows layer{weights, depth, bias ? bias : &no_bias, bias ? 1U : 0U, act};
  in_pairs(columns, [&](auto vectors) {
    in_blocks<row_block<decltype(vectors)::parts>>(rows, [&](auto count, std::size_t r) {
      multiply_rows<decltype(count)::value>(layer.from(r), in, out + r * tile_width, vectors);
    });
  });
}

/// Copies elements `k` to `k + 3` of four rows into four columns of rows `k` to `k + 3` of a tile.
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
  constexpr std::size_t together = 4; // independent chains of additions, to hide their latency
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
    float total = 0; // not accumulated in `sum`, which may be one of the rows
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
  constexpr std::size_t together = 8, pair = 2; // more vectors hide the latency of additions better
  std::size_t r = 0;
  for (; r + together * lanes <= stride; r += together * lanes)
    multiply_columns<together>(columns + r, stride, depth, start + r, by, out + r);
  for (; r < stride; r += pair * lanes)
    multiply_columns<pair>(columns + r, stride, depth, start + r, by, out + r);
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
HWY_EXPORT(instruction_set);

void multiply_tile(const float* weights, std::size_t rows, std::size_t depth, const float* bias,
                   activation act, const float* in, float* out, column_range columns) {
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

const char* instruction_set() {
  return HWY_DYNAMIC_DISPATCH(instruction_set)();
}

} // namespace winnow::kernels
#endif
