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

/// Puts the features of up to 32 items into the columns of a tile; `unknown_item` and missing columns become
/// zeros.
/// @param tile `features.width` × 32, aligned to 64 bytes.
void gather_features(const feature_table& features, gsl::span<const std::uint32_t> items, float* tile);

/// The sum of the features of those items that the catalogue knows, in their order.
/// @param sum `features.width` long.
/// @return How many it knows.
std::size_t sum_features(const feature_table& features, gsl::span<const std::uint32_t> items, float* sum);

} // namespace winnow
