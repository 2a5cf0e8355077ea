#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// The features of every catalogue item, row-major. Items missing from the feature file have zeros.
struct feature_table {
  std::size_t width = 0;
  std::vector<float> values;

  const float* row(std::uint32_t item) const noexcept { return values.data() + item * width; }
};

/// Marks a history entry that is not in the catalogue. Its features are zeros.
inline constexpr std::uint32_t unknown_item = 0xFFFFFFFF;

/// Copies the features of up to 32 items into the columns of a tile, one column per item. Columns of
/// `unknown_item` and unused columns become zeros.
/// @param tile `features.width` × 32, aligned to 64 bytes.
void gather_features(const feature_table& features, gsl::span<const std::uint32_t> items, float* tile);

/// Adds up the features of the known items, in the order of `items`.
/// @param sum Receives the result; `features.width` long.
/// @return The number of known items.
std::size_t sum_features(const feature_table& features, gsl::span<const std::uint32_t> items, float* sum);

} // namespace winnow
