#include "models/catalogue/feature_rows.hpp"

#include "models/kernels/kernels.hpp"

#include <algorithm>

namespace winnow {

void gather_features(const feature_rows& features, gsl::span<const std::uint32_t> items, float* tile) {
  const float* rows[kernels::tile_width] = {};
  bool all_known = true;
  for (std::size_t column = 0; column < items.size(); ++column) {
    all_known = all_known && items[column] != unknown_item;
    rows[column] = features.row(items[column] == unknown_item ? 0 : items[column]);
  }
  kernels::rows_to_tile(rows, items.size(), features.width, tile);
  if (all_known)
    return;
  for (std::size_t column = 0; column < items.size(); ++column)
    if (items[column] == unknown_item)
      for (std::size_t k = 0; k < features.width; ++k)
        tile[k * kernels::tile_width + column] = 0;
}

std::size_t sum_features(const feature_rows& features, gsl::span<const std::uint32_t> items, float* sum) {
  // In pieces, each added to the sum so far, because a history may have any length.
  constexpr std::size_t piece = 64;
  const float* rows[piece] = {sum};
  std::size_t gathered = 1;
  std::size_t known = 0;
  std::fill_n(sum, features.width, 0.0f);
  for (const auto item : items) {
    if (item == unknown_item)
      continue;
    ++known;
    rows[gathered++] = features.row(item);
    if (gathered < piece)
      continue;
    kernels::sum_rows(rows, gathered, features.width, sum);
    gathered = 1;
  }
  kernels::sum_rows(rows, gathered, features.width, sum);
  return known;
}

} // namespace winnow
