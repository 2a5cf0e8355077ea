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

  std::size_t rows() const noexcept { return width == 0 ? 0 : values.size() / width; }
  const float* row(std::uint32_t item) const noexcept { return values.data() + item * width; }
};

/// Marks a history entry that is not in the catalogue. Its features are zeros.
inline constexpr std::uint32_t unknown_item = 0xFFFFFFFF;

} // namespace winnow
