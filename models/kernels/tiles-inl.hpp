// For sources that Highway compiles once per instruction set. They include this file after highway.h, once
// per set; hence Highway's toggling guard instead of `#pragma once`.
#if defined(WINNOW_MODELS_TILES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef WINNOW_MODELS_TILES_INL
#undef WINNOW_MODELS_TILES_INL
#else
#define WINNOW_MODELS_TILES_INL
#endif

#include "models/kernels/kernels.hpp"
#include "models/kernels/registers-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <hwy/highway.h>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::CappedTag<float, tile_width>;
using vector = hn::Vec<floats>;

constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});

template<std::size_t... Indices, class Body>
HWY_INLINE void each_of(std::index_sequence<Indices...>, const Body& body) {
  (body(std::integral_constant<std::size_t, Indices>{}), ...);
}

/// Runs `body(i)` for all i below `Count`, with i as a compile-time constant. GCC unrolls a loop too late to
/// keep the arrays that it indexes in registers only: they passed through memory before and after each block.
template<std::size_t Count, class Body>
HWY_INLINE void unrolled(const Body& body) {
  each_of(std::make_index_sequence<Count>{}, body);
}

/// `Parts` vectors of columns of a tile's rows, from column `first` on.
template<std::size_t Parts>
struct vector_columns {
  static constexpr std::size_t parts = Parts;
  std::size_t first;
  column_range wanted; ///< Requested; the first and the last vector may extend beyond.

  /// Stores only the requested columns into `row`.
  template<std::size_t Part>
  HWY_INLINE void store(vector value, float* row) const {
    const std::size_t column = first + Part * lanes;
    if (HWY_LIKELY(column >= wanted.first && column + lanes <= wanted.end)) {
      hn::Store(value, tag, row + column);
      return;
    }
    const auto before = hn::FirstN(tag, wanted.first - std::min(wanted.first, column));
    const auto until = hn::FirstN(tag, wanted.end - column);
    hn::BlendedStore(value, hn::AndNot(before, until), tag, row + column);
  }
};

/// Runs `body` for the vectors that hold the columns: two at a time, because they share the loaded inputs,
/// and for a single one if one is left.
template<class Body>
HWY_INLINE void in_pairs(column_range columns, const Body& body) {
  std::size_t first = columns.first / lanes * lanes;
  for (; columns.end > first + lanes; first += 2 * lanes)
    body(vector_columns<2>{first, columns});
  if (columns.end > first)
    body(vector_columns<1>{first, columns});
}

// How many rows of `Parts` vectors fit the registers beside the inputs.
template<std::size_t Parts>
constexpr std::size_t row_block = Parts == 1 || has_many_registers ? 12 : 6;

/// Runs `body(rows, first)` with the number of rows, at most `Most`, as a compile-time constant.
template<std::size_t Most, class Body>
HWY_INLINE void with_rows(std::size_t rows, std::size_t first, const Body& body) {
  if constexpr (Most > 0) {
    if (rows == Most)
      body(std::integral_constant<std::size_t, Most>{}, first);
    else
      with_rows<Most - 1>(rows, first, body);
  }
}

/// Runs `body(rows, first)` for blocks of at most `Block` rows. All blocks have about the same size, because
/// the additions of a small last block would wait for each other.
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

/// Sums for `Rows` rows of a tile, `Parts` vectors of columns each, kept in registers.
template<std::size_t Rows, std::size_t Parts>
struct row_sums {
  vector of[Rows][Parts];

  /// Runs `body(r, p)` for each vector.
  template<class Body>
  HWY_INLINE static void each(const Body& body) {
    unrolled<Rows>([&](auto r) { unrolled<Parts>([&](auto p) { body(r, p); }); });
  }

  HWY_INLINE void clear() {
    each([&](auto r, auto p) { of[r][p] = hn::Zero(tag); });
  }
};

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
