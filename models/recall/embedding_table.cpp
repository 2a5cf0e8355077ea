#include "models/recall/embedding_table.hpp"

#include "models/kernels/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace winnow {

namespace {

/// Returns the squared length of each row; infinity if it is not finite.
std::vector<double> squares_of_rows(const feature_table& table, std::size_t rows) {
  std::vector<double> squares(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const double sum = sum_of_squares({table.row(static_cast<std::uint32_t>(row)), table.width});
    squares[row] = std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
  }
  return squares;
}

} // namespace

embedding_table::embedding_table(std::shared_ptr<const feature_table> table)
    : table_(std::move(table)), all_(*table_) {
  const auto squares = squares_of_rows(*table_, rows());
  auto order = std::make_shared<screened_order>();
  order->items.resize(rows());
  std::iota(order->items.begin(), order->items.end(), 0);
  std::stable_sort(order->items.begin(), order->items.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return squares[a] > squares[b]; });
  order->positions.resize(rows());
  for (std::size_t position = 0; position < rows(); ++position)
    order->positions[order->items[position]] = static_cast<std::uint32_t>(position);
  order->screen = row_screen(*table_, order->items);
  order_ = std::move(order);
}

embedding_table embedding_table::with(std::shared_ptr<const feature_table> adopted) const {
  embedding_table extended = *this;
  extended.adopted_ = std::move(adopted);
  extended.all_ = feature_rows(*table_, extended.adopted_.get());
  return extended;
}

void embedding_table::add_scaled_row(std::size_t at, float factor, gsl::span<float> sum) const {
  const float* const from = row(at).data();
  float* const to = sum.data();
  for (std::size_t k = 0; k < width(); ++k)
    to[k] += factor * from[k];
}

float embedding_table::dot(std::size_t at, gsl::span<const float> vector) const {
  const float* const from = row(at).data();
  const float* const with = vector.data();
  float sum = 0;
  for (std::size_t k = 0; k < width(); ++k)
    sum += with[k] * from[k];
  return sum;
}

} // namespace winnow
