#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/kernels/aligned.hpp"
#include "models/kernels/screen_kernels.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// A table's rows in bytes, with what it takes to tell from them how large an inner product can be at most.
///
/// A row x is kept as bytes X and its block's scale s, with the lengths of x and of what is left over, x -
/// sX. For a query q, kept alike as tQ, Cauchy and Schwarz bound what bytes cannot tell: |x·q - st X·Q| <= |x
/// - sX| |tQ| + |x| |q - tQ|. To that comes room for the rounding of the exact product and of the bound
/// itself, as sums are told in units that fit 16 bits. The bound holds for every row and query; where numbers
/// are so large that sums could overflow, or not finite, it is not a number.
///
/// Of each block of 128 rows the extremes are kept, so that one bar for the sums X·Q rules most of its rows
/// out: the more alike the lengths of a block's rows, the better.
class row_screen {
public:
  row_screen() = default;

  /// @param order The table's row that stands at each position of the screen.
  row_screen(const feature_table& rows, gsl::span<const std::uint32_t> order);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t quads() const noexcept { return quads_; } ///< Of columns, the last one perhaps with zeros.
  float greatest_norm() const noexcept { return greatest_norm_; }
  kernels::screen_tiles tiles() const noexcept { return {bytes_.data(), quads_}; }

  /// What the product of the query with the row at a position is about, by the sum of their bytes' products.
  float estimate(std::size_t position, const kernels::screen_query& query, std::int16_t sum) const noexcept {
    return static_cast<float>(sum) * (blocks_[position / kernels::block_rows].scale * query.scale);
  }

  /// By how much the product may differ from that.
  float error(std::size_t position, const kernels::screen_query& query) const noexcept {
    return deviation_[position] * query.deviation_weight + norm_[position] * query.norm_weight;
  }

  /// No product of the query with a row of the block is above this.
  float greatest_product(std::size_t block, const kernels::screen_query& query) const noexcept {
    return blocks_[block].norm * (query.deviation_weight + query.norm_weight);
  }

  /// What the leads of `leads.size()` / 16 whole blocks from `first_block` on promise: lower bounds of the
  /// products with the rows that they are of.
  /// @param lower As long as `leads`.
  void bound_leads(const kernels::screen_query& query, std::size_t first_block,
                   gsl::span<const std::int16_t> leads, float* lower) const {
    kernels::bound_leads(query, blocks_.data() + first_block, leads.size() / kernels::screen_width,
                         leads.data(), lower);
  }

  /// Of `bars.size()` blocks from `first_block` on the least sums that can belong to a product of `limit`.
  void set_bars(const kernels::screen_query& query, std::size_t first_block, float limit,
                gsl::span<std::int16_t> bars) const;

private:
  void add_block(const feature_table& rows, gsl::span<const std::uint32_t> order, std::size_t first);
  void put(std::size_t position, const std::int8_t* bytes);

  std::size_t rows_ = 0, quads_ = 0;
  float greatest_norm_ = 0;
  std::vector<std::uint8_t, cache_line_allocator<std::uint8_t>> bytes_;
  std::vector<float> deviation_, norm_; // of each row
  std::vector<kernels::screen_block> blocks_;
};

/// The queries of a batch in the form that the screen's kernel takes. Reused without allocation.
class screened_queries {
public:
  /// Empties the batch, for queries to `screen`.
  /// @param screen Valid until the last `append`.
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
  std::vector<std::int32_t> quads_, starts_; // of the queries, one after the other
  std::vector<kernels::screen_query> queries_;
};

} // namespace winnow
