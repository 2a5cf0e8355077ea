#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/kernels/aligned.hpp"
#include "models/kernels/screen_kernels.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// The rows of a table in bytes, with bounds of the error. They give upper and lower bounds of inner
/// products.
///
/// A row x is stored as bytes X and the scale s of its block, with the lengths of x and of the rest, x - sX.
/// A query q is stored likewise as tQ. The Cauchy-Schwarz inequality bounds the error: |x·q - st X·Q| <= |x -
/// sX| |tQ| + |x| |q - tQ|. The bound has a margin for the rounding of the exact product, of the bound
/// itself, and of the sums, whose units make them fit 16 bits. It holds for every row and query. It is NaN if
/// numbers are not finite or so large that sums could overflow.
///
/// Each block of 128 rows also stores the extremes of its rows, so that one bar for the sums X·Q rules out
/// most of them. This works best if the rows of a block have similar lengths.
class row_screen {
public:
  row_screen() = default;

  /// @param order The row of the table at each position of the screen.
  row_screen(const feature_table& rows, gsl::span<const std::uint32_t> order);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t quads() const noexcept { return quads_; } ///< Quads of columns; zeros may pad the last one.
  float greatest_norm() const noexcept { return greatest_norm_; }
  kernels::screen_tiles tiles() const noexcept { return {bytes_.data(), quads_}; }

  /// Estimates the product of the query with the row at a position from the sum of their bytes' products.
  float estimate(std::size_t position, const kernels::screen_query& query, std::int16_t sum) const noexcept {
    return static_cast<float>(sum) * (blocks_[position / kernels::block_rows].scale * query.scale);
  }

  /// Returns how much the product may differ from the estimate.
  float error(std::size_t position, const kernels::screen_query& query) const noexcept {
    return deviation_[position] * query.deviation_weight + norm_[position] * query.norm_weight;
  }

  /// Returns a lower bound of the length of the row at a position.
  float least_norm(std::size_t position) const noexcept {
    constexpr float least = 2e-14f;       // below, `norm_` may be far too long
    constexpr float lowering = 1 - 4e-6f; // `norm_` is rounded up
    return norm_[position] > least ? norm_[position] * lowering : 0.0f;
  }

  /// Returns an upper bound of the query's products with the rows of the block.
  float greatest_product(std::size_t block, const kernels::screen_query& query) const noexcept {
    return blocks_[block].norm * (query.deviation_weight + query.norm_weight);
  }

  /// Converts the leads of `leads.size()` / 16 whole blocks from `first_block` on to lower bounds of the
  /// products with the rows that have these sums.
  /// @param lower As long as `leads`.
  void bound_leads(const kernels::screen_query& query, std::size_t first_block,
                   gsl::span<const std::int16_t> leads, float* lower) const {
    kernels::bound_leads(query, blocks_.data() + first_block, leads.size() / kernels::screen_width,
                         leads.data(), lower);
  }

  /// Computes the least sum that a product of `limit` can have, for each of the `bars.size()` blocks from
  /// `first_block` on.
  void set_bars(const kernels::screen_query& query, std::size_t first_block, float limit,
                gsl::span<std::int16_t> bars) const;

private:
  void add_block(const feature_table& rows, gsl::span<const std::uint32_t> order, std::size_t first);
  void put(std::size_t position, const std::int8_t* bytes);

  std::size_t rows_ = 0, quads_ = 0;
  float greatest_norm_ = 0;
  std::vector<std::uint8_t, cache_line_allocator<std::uint8_t>> bytes_;
  std::vector<float> deviation_, norm_; // one per row
  std::vector<kernels::screen_block> blocks_;
};

/// The queries of a batch in the form that the screen's kernel takes. Reuses its memory.
class screened_queries {
public:
  /// Clears the batch and makes room for `most` queries to `screen`.
  /// @param screen Must outlive the last `append`.
  void reset(const row_screen& screen, std::size_t most);

  /// @param query As wide as the table.
  void append(gsl::span<const float> query);

  const std::vector<kernels::screen_query>& all() const noexcept { return queries_; }

private:
  void write_starts(std::int32_t* starts) const;

  const row_screen* screen_ = nullptr;
  kernels::screen_form form_{};
  std::size_t starts_each_ = 0;
  std::vector<std::int8_t> bytes_;
  std::vector<std::int32_t> quads_, starts_; // of all queries, one after the other
  std::vector<kernels::screen_query> queries_;
};

} // namespace winnow
