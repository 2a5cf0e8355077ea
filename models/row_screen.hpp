#pragma once

#include "models/aligned.hpp"
#include "models/feature_table.hpp"
#include "models/recall_kernels.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// A table's rows in bytes, with what it takes to tell from them how large an inner product can be at most.
///
/// A row x is kept as bytes X and a scale s, with the lengths of x and of what is left over, x - sX. For a
/// query q, kept alike as tQ, Cauchy and Schwarz bound what bytes cannot tell:
/// |x·q - st X·Q| <= |x - sX| |tQ| + |x| |q - tQ|. To that comes room for the rounding of the exact product
/// and of the bound itself. The bound holds for every row and query; where numbers are so large that sums
/// could overflow, or not finite, it is not a number.
class row_screen {
public:
  row_screen() = default;
  explicit row_screen(const feature_table& rows);

  std::size_t pairs() const noexcept { return pairs_; } ///< Of columns, the last one perhaps with a zero.
  float greatest_norm() const noexcept { return greatest_norm_; }
  kernels::screen_tiles tiles() const noexcept {
    return {words_.data(), pairs_, scale_.data(), deviation_.data(), norm_.data()};
  }

  /// What the bound of row `row` is above the estimate, and the estimate above the least that the product can
  /// be.
  float error(std::size_t row, const kernels::screen_query& query) const noexcept {
    return deviation_[row] * query.deviation_weight + norm_[row] * query.norm_weight;
  }

private:
  std::size_t pairs_ = 0;
  float greatest_norm_ = 0;
  std::vector<std::uint16_t, cache_line_allocator<std::uint16_t>> words_;
  aligned_floats scale_, deviation_, norm_;
};

/// The queries of a batch in the form that the screen's kernel takes. Reused without allocation.
class screened_queries {
public:
  /// Empties the batch, for queries to `screen`.
  void reset(const row_screen& screen, std::size_t most);

  /// @param query As wide as the table.
  void append(gsl::span<const float> query);

  const std::vector<kernels::screen_query>& all() const noexcept { return queries_; }

private:
  std::size_t pairs_ = 0;
  float greatest_norm_ = 0;
  std::vector<std::int8_t> bytes_;
  std::vector<std::int32_t> words_;   // `pairs_` a query
  std::vector<std::uint16_t> starts_; // one a segment and query
  std::vector<kernels::screen_query> queries_;
};

} // namespace winnow
