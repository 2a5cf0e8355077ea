#pragma once

#include "models/catalogue/number_array.hpp"

#include <cstddef>
#include <cstdint>

namespace winnow {

/// The features of every catalogue item, row-major. Items missing from the feature file have zeros.
struct feature_table {
  std::size_t width = 0;
  float_array values;

  std::size_t rows() const noexcept { return width == 0 ? 0 : values.size() / width; }
  const float* row(std::uint32_t item) const noexcept { return values.data() + item * width; }
};

/// Marks a history entry that is not in the catalogue. Its features are zeros.
inline constexpr std::uint32_t unknown_item = 0xFFFFFFFF;

} // namespace winnow
