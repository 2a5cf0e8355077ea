#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// The features of every item of the catalogue, row-major; an item that the feature file lacks has zeros.
struct feature_table {
  std::size_t width = 0;
  std::vector<float> values;

  const float* row(std::uint32_t item) const noexcept { return values.data() + item * width; }
};

/// A history entry that the catalogue does not know: its features are zeros.
inline constexpr std::uint32_t unknown_item = 0xFFFFFFFF;

/// Puts the features of up to 16 items into the columns of a tile; `unknown_item` and missing columns become
/// zeros.
/// @param tile `features.width` × 16.
inline void gather_features(const feature_table& features, gsl::span<const std::uint32_t> items,
                            float* tile) {
  for (std::size_t column = 0; column < 16; ++column) {
    const bool known = column < items.size() && items[column] != unknown_item;
    const float* row = known ? features.row(items[column]) : nullptr;
    for (std::size_t k = 0; k < features.width; ++k)
      tile[k * 16 + column] = known ? row[k] : 0.0f;
  }
}

} // namespace winnow
