#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/recall/row_screen.hpp"

#include <cstddef>
#include <gsl/span>
#include <memory>
#include <vector>

namespace winnow {

/// The embeddings of the catalogue. Rankers may share the table as features. The table also has a screen, a
/// copy in bytes that retrieval streams. The screen has the longest rows first, because they give the largest
/// products. Immutable.
class embedding_table {
public:
  embedding_table() : embedding_table(std::make_shared<const feature_table>()) {}
  explicit embedding_table(std::shared_ptr<const feature_table> table);

  std::size_t rows() const noexcept { return width() == 0 ? 0 : table_->values.size() / width(); }
  std::size_t width() const noexcept { return table_->width; }
  gsl::span<const float> row(std::size_t row) const noexcept {
    return {table_->row(static_cast<std::uint32_t>(row)), width()};
  }

  const std::shared_ptr<const feature_table>& table() const noexcept { return table_; }
  const row_screen& screen() const noexcept { return screen_; }
  /// Returns the item at a position of the screen.
  std::uint32_t item_at(std::size_t position) const noexcept { return items_[position]; }

  /// Returns the position of an item in the screen.
  std::uint32_t position(std::uint32_t item) const noexcept { return positions_[item]; }

  /// Adds `factor` times row `row` to `sum`, which is `width()` long.
  void add_scaled_row(std::size_t row, float factor, gsl::span<float> sum) const;

  /// Adds row `row` to `sum`, which is `width()` long.
  void add_row(std::size_t row, gsl::span<float> sum) const { add_scaled_row(row, 1.0f, sum); }

  /// Returns the inner product of row `row` with `vector`, which is `width()` long.
  float dot(std::size_t row, gsl::span<const float> vector) const;

private:
  std::shared_ptr<const feature_table> table_;
  std::vector<std::uint32_t> items_, positions_;
  row_screen screen_;
};

} // namespace winnow
