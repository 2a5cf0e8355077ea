#pragma once

#include "models/catalogue/feature_rows.hpp"
#include "models/recall/row_screen.hpp"

#include <cstddef>
#include <gsl/span>
#include <memory>
#include <vector>

namespace winnow {

/// The embeddings of the catalogue. Rankers may share the table as features. The table also has a screen, a
/// copy in bytes that retrieval streams. The screen has the longest rows first, because they give the largest
/// products. Immutable; copies share everything.
///
/// Rows of adopted items may follow those of the trained ones. They are no part of the screen.
class embedding_table {
public:
  embedding_table() : embedding_table(std::make_shared<const feature_table>()) {}
  explicit embedding_table(std::shared_ptr<const feature_table> table);

  /// Returns the table with other rows of adopted items. @param adopted As wide as this table.
  embedding_table with(std::shared_ptr<const feature_table> adopted) const;

  /// The number of trained rows, which are those that retrieval finds.
  std::size_t rows() const noexcept { return table_->rows(); }
  std::size_t width() const noexcept { return table_->width; }

  /// @param row May be that of an adopted item.
  gsl::span<const float> row(std::size_t row) const noexcept {
    return {all_.row(static_cast<std::uint32_t>(row)), width()};
  }

  const std::shared_ptr<const feature_table>& table() const noexcept { return table_; }
  const row_screen& screen() const noexcept { return order_->screen; }
  /// Returns the item at a position of the screen.
  std::uint32_t item_at(std::size_t position) const noexcept { return order_->items[position]; }

  /// Returns the position of a trained item in the screen.
  std::uint32_t position(std::uint32_t item) const noexcept { return order_->positions[item]; }

  /// Adds `factor` times row `row` to `sum`, which is `width()` long.
  void add_scaled_row(std::size_t row, float factor, gsl::span<float> sum) const;

  /// Adds row `row` to `sum`, which is `width()` long.
  void add_row(std::size_t row, gsl::span<float> sum) const { add_scaled_row(row, 1.0f, sum); }

  /// Returns the inner product of row `row` with `vector`, which is `width()` long.
  float dot(std::size_t row, gsl::span<const float> vector) const;

private:
  struct screened_order {
    std::vector<std::uint32_t> items, positions;
    row_screen screen;
  };

  std::shared_ptr<const feature_table> table_, adopted_; // adopted_: null if there are none
  feature_rows all_;
  std::shared_ptr<const screened_order> order_;
};

} // namespace winnow
