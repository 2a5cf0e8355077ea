#include "models/kernels/attention_kernels.hpp"

#include <algorithm>

// Compiled once per instruction set; models/kernels/kernels.cpp explains how.
#undef HWY_TARGET_INCLUDE
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/kernels/attention_kernels.cpp"
#include <hwy/foreach_target.h>
// Must come after foreach_target.h.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "models/kernels/tiles-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {

/// Adds the contributions max(query, key) of channels [begin, end) to the scores of some history items, or
/// subtracts them.
template<bool Adds, std::size_t Items, class Columns>
HWY_INLINE void add_channels(const float* HWY_RESTRICT query, const float* HWY_RESTRICT key,
                             std::size_t begin, std::size_t end, Columns columns,
                             row_sums<Items, Columns::parts>& sum) {
  constexpr std::size_t parts = Columns::parts;
  for (std::size_t d = begin; d < end; ++d) {
    vector q[parts];
    unrolled<parts>(
        [&](auto p) { q[p] = hn::Load(tag, query + d * tile_width + columns.first + p * lanes); });
    unrolled<Items>([&](auto h) {
      const vector k = hn::Set(tag, key[d * tile_width + h]);
      unrolled<parts>([&](auto p) {
        const vector larger = hn::Max(q[p], k);
        sum.of[h][p] = Adds ? hn::Add(sum.of[h][p], larger) : hn::Sub(sum.of[h][p], larger);
      });
    });
  }
}

/// Computes the scores of `Items` history items.
template<std::size_t Items, class Columns>
HWY_INLINE void attend(const float* query, const float* key, const float* start, channel_counts channels,
                       float* HWY_RESTRICT out, Columns columns) {
  using sums = row_sums<Items, Columns::parts>;
  sums sum;
  sums::each([&](auto h, auto p) { sum.of[h][p] = hn::Set(tag, start[h]); });
  add_channels<true>(query, key, 0, channels.adding, columns, sum);
  add_channels<false>(query, key, channels.adding, channels.all, columns, sum);
  sums::each([&](auto h, auto p) {
    hn::Store(sum.of[h][p], tag, out + h * tile_width + columns.first + p * lanes);
  });
}

// How many history items fit the registers beside the query.
template<std::size_t Parts>
constexpr std::size_t history_block = Parts == 1 || has_many_registers ? 8 : 4;

void attention_tile(const float* query, const float* key, const float* start, channel_counts channels,
                    std::size_t length, float* out, column_range columns) {
  in_pairs(columns, [&](auto vectors) {
    for (std::size_t tile = 0; tile < length; tile += tile_width)
      in_blocks<history_block<decltype(vectors)::parts>>(
          std::min(tile_width, length - tile), [&](auto count, std::size_t h) {
            attend<decltype(count)::value>(query, key + tile * channels.all + h, start + tile + h, channels,
                                           out + (tile + h) * tile_width, vectors);
          });
  });
}

/// Softmax down each column of `Parts` vectors.
template<std::size_t Parts>
HWY_INLINE void softmax_vectors(float* column, std::size_t rows) {
  // Scores more than 60 below the highest get weight 0. Otherwise the smallest weights would be denormal
  // numbers, which cost a processor hundreds of cycles each.
  const vector cutoff = hn::Set(tag, -60.0f);
  const auto at = [&](std::size_t r, std::size_t p) { return column + r * tile_width + p * lanes; };
  vector highest[Parts], total[Parts];
  unrolled<Parts>([&](auto p) {
    highest[p] = hn::Load(tag, at(0, p));
    total[p] = hn::Zero(tag);
  });
  for (std::size_t r = 1; r < rows; ++r)
    unrolled<Parts>([&](auto p) { highest[p] = hn::Max(highest[p], hn::Load(tag, at(r, p))); });
  for (std::size_t r = 0; r < rows; ++r)
    unrolled<Parts>([&](auto p) {
      const vector below = hn::Sub(hn::Load(tag, at(r, p)), highest[p]);
      const vector e = hn::IfThenElseZero(hn::Ge(below, cutoff), hn::Exp(tag, hn::Max(below, cutoff)));
      total[p] = hn::Add(total[p], e);
      hn::Store(e, tag, at(r, p));
    });
  unrolled<Parts>([&](auto p) { total[p] = hn::Div(hn::Set(tag, 1.0f), total[p]); });
  for (std::size_t r = 0; r < rows; ++r)
    unrolled<Parts>([&](auto p) { hn::Store(hn::Mul(hn::Load(tag, at(r, p)), total[p]), tag, at(r, p)); });
}

void softmax_columns(float* tile, std::size_t rows, column_range columns) {
  in_pairs(columns,
           [&](auto vectors) { softmax_vectors<decltype(vectors)::parts>(tile + vectors.first, rows); });
}

/// Computes the pooled sums of `Rows` features.
template<std::size_t Rows, class Columns>
HWY_INLINE void pool_rows(const float* HWY_RESTRICT feature, const float* HWY_RESTRICT weight,
                          std::size_t depth, std::size_t length, float* HWY_RESTRICT out, Columns columns) {
  constexpr std::size_t parts = Columns::parts;
  using sums = row_sums<Rows, parts>;
  sums sum;
  sum.clear();
  for (std::size_t h = 0; h < length; ++h) {
    const float* item = feature + h / tile_width * tile_width * depth + h % tile_width;
    vector w[parts];
    unrolled<parts>(
        [&](auto p) { w[p] = hn::Load(tag, weight + h * tile_width + columns.first + p * lanes); });
    unrolled<Rows>([&](auto r) {
      const vector x = hn::Set(tag, item[r * tile_width]);
      unrolled<parts>([&](auto p) { sum.of[r][p] = hn::MulAdd(x, w[p], sum.of[r][p]); });
    });
  }
  sums::each([&](auto r, auto p) { columns.template store<p>(sum.of[r][p], out + r * tile_width); });
}

void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out,
               column_range columns) {
  in_pairs(columns, [&](auto vectors) {
    in_blocks<row_block<decltype(vectors)::parts>>(depth, [&](auto count, std::size_t r) {
      pool_rows<decltype(count)::value>(feature + r * tile_width, weight, depth, length, out + r * tile_width,
                                        vectors);
    });
  });
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(attention_tile);
HWY_EXPORT(softmax_columns);
HWY_EXPORT(pool_tile);

void attention_tile(const float* query, const float* key, const float* start, channel_counts channels,
                    std::size_t length, float* out, column_range columns) {
  HWY_DYNAMIC_DISPATCH(attention_tile)(query, key, start, channels, length, out, columns);
}

void softmax_columns(float* tile, std::size_t rows, column_range columns) {
  HWY_DYNAMIC_DISPATCH(softmax_columns)(tile, rows, columns);
}

void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out,
               column_range columns) {
  HWY_DYNAMIC_DISPATCH(pool_tile)(feature, weight, depth, length, out, columns);
}

} // namespace winnow::kernels
#endif
