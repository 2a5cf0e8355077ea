#include "models/recall/fold_in.hpp"

#include "models/catalogue/feature_rows.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

fold_in::fold_in(std::shared_ptr<const feature_table> items, std::shared_ptr<const stored_rows> users)
    : items_(std::move(items)), users_(std::move(users)) {
  counts_.resize(items_->rows());
  for (std::uint32_t item = 0; item < counts_.size(); ++item) {
    const float* const row = items_->row(item);
    counts_[item] = std::any_of(row, row + items_->width, [](float value) { return value != 0; });
  }
}

bool fold_in::write_vector(std::optional<std::uint32_t> user, gsl::span<const std::uint32_t> known,
                           gsl::span<float> vector) const {
  // Adopted items, which follow the trained ones, have no row.
  const auto end = std::lower_bound(known.begin(), known.end(), counts_.size());
  known = known.first(static_cast<std::size_t>(end - known.begin()));
  const auto counted =
      std::count_if(known.begin(), known.end(), [&](std::uint32_t item) { return counts_[item]; });
  if (counted == 0)
    return false;
  sum_features(*items_, known, vector.data()); // rows of items that do not count are zeros
  const float scale = 1 / std::sqrt(static_cast<float>(counted));
  constexpr std::size_t piece = 64;
  float room[piece] = {};
  for (std::size_t first = 0; first < vector.size(); first += piece) {
    const std::size_t count = std::min<std::size_t>(piece, vector.size() - first);
    const auto base = user ? users_->part(*user, first, {room, count}) : gsl::span<const float>(room, count);
    for (std::size_t k = 0; k < count; ++k)
      vector[first + k] = vector[first + k] * scale + base[k];
  }
  return true;
}

} // namespace winnow
