#pragma once

#include "models/aligned.hpp"
#include "models/kernels.hpp"

#include <cstddef>
#include <gsl/span>

namespace winnow {

/// A table of row vectors, stored as tiles of 16 rows side by side: the form in which `kernels::score_tiles` streams it.
/// The last tile is filled up with zero rows.
class panel_table {
public:
  panel_table() = default;

  /// @param values Row-major, `values.size() / width` rows.
  panel_table(gsl::span<const float> values, std::size_t width);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t width() const noexcept { return width_; }
  std::size_t tile_count() const noexcept { return kernels::tiles(rows_); }

  /// The tile that holds rows `16 * index` to `16 * index + 15`; the following tiles lie behind it.
  const float* tile(std::size_t index) const noexcept { return data_.data() + index * width_ * kernels::tile_width; }

  /// Adds row `row` to `sum`, which is `width()` long.
  void add_row(std::size_t row, gsl::span<float> sum) const;

private:
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  aligned_floats data_;
};

} // namespace winnow
