#pragma once

#include "models/catalogue/feature_table.hpp"

#include <cstddef>
#include <cstdint>

namespace winnow {

/// A view of the features of all items: a table of the trained ones and, behind it, a table of those that
/// were adopted since. Valid as long as both tables.
class feature_rows {
public:
  feature_rows(const feature_table& trained) // NOLINT(google-explicit-constructor): a table is its own view
      : feature_rows(trained, nullptr) {}

  /// @param adopted As wide as `trained`; null if there are none.
  feature_rows(const feature_table& trained, const feature_table* adopted)
      : width(trained.width), trained_(trained.values.data()),
        adopted_(adopted == nullptr ? nullptr : adopted->values.data()),
        first_adopted_(static_cast<std::uint32_t>(trained.rows())) {}

  const float* row(std::uint32_t item) const noexcept {
    return item < first_adopted_ || adopted_ == nullptr ? trained_ + item * width
                                                        : adopted_ + (item - first_adopted_) * width;
  }

  std::size_t width;

private:
  const float* trained_;
  const float* adopted_;
  std::uint32_t first_adopted_; ///< The index of the first item in `adopted_`.
};

/// Copies the features of up to 32 items into the columns of a tile, one column per item. Columns of
/// `unknown_item` and unused columns become zeros.
/// @param tile `features.width` × 32, aligned to 64 bytes.
void gather_features(const feature_rows& features, gsl::span<const std::uint32_t> items, float* tile);

/// Adds up the features of the known items, in the order of `items`.
/// @param sum Receives the result; `features.width` long.
/// @return The number of known items.
std::size_t sum_features(const feature_rows& features, gsl::span<const std::uint32_t> items, float* sum);

} // namespace winnow
