#pragma once

#include "models/aligned.hpp"
#include "models/kernels.hpp"

#include <cstddef>
#include <gsl/span>
#include <vector>

namespace winnow {

/// A table of row vectors, stored as tiles of 16 rows side by side: the form in which `kernels::score_tiles`
/// streams it. It grows by blocks that never move, so filling it takes no more memory than the table itself.
/// What is left of the last block is zero rows.
class panel_table {
public:
  static constexpr std::size_t block_tiles = 64;
  static constexpr std::size_t block_rows = block_tiles * kernels::tile_width;

  panel_table() = default;
  explicit panel_table(std::size_t width) : width_(width) {}

  /// @param row `width()` long.
  void append(gsl::span<const float> row);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t width() const noexcept { return width_; }

  /// The blocks hold `block_rows` rows each, the last one perhaps fewer; their tiles follow each other.
  std::size_t block_count() const noexcept { return blocks_.size(); }
  const float* block(std::size_t index) const noexcept { return blocks_[index].data(); }
  std::size_t rows_of_block(std::size_t index) const noexcept {
    return index + 1 < blocks_.size() ? block_rows : rows_ - index * block_rows;
  }

  /// Adds row `row` to `sum`, which is `width()` long.
  void add_row(std::size_t row, gsl::span<float> sum) const;

  /// Adds row `row`, times `factor`, to `sum`, which is `width()` long.
  void add_scaled_row(std::size_t row, float factor, gsl::span<float> sum) const;

  /// The inner product of row `row` with `vector`, which is `width()` long.
  float dot(std::size_t row, gsl::span<const float> vector) const;

private:
  std::size_t offset_in_block(std::size_t row) const noexcept {
    return row % block_rows / kernels::tile_width * width_ * kernels::tile_width + row % kernels::tile_width;
  }

  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  std::vector<aligned_floats> blocks_;
};

} // namespace winnow
