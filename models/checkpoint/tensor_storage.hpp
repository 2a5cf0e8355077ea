#pragma once

#include "config/error.hpp"
#include "models/checkpoint/pickle_reader.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace winnow {

/// A tensor's view of a storage: element (i, j, …) is at offset + i * strides[0] + j * strides[1] + …
struct storage_view {
  std::string_view bytes; ///< The whole storage, little-endian.
  element_type element = element_type::float32;
  std::int64_t offset = 0; ///< In elements, like the strides.
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

/// Checks that all elements of the view are inside the storage and returns how many there are.
/// @return `malformed` if an element is outside, `too_large` if there are more than `max_elements`.
result<std::size_t> checked_size(const storage_view& view, std::size_t max_elements);

/// Returns the elements in row-major order as float32. Integers above 2^24 and doubles are rounded to
/// nearest.
/// @param count What `checked_size` returned for this view.
std::vector<float> to_floats(const storage_view& view, std::size_t count);

} // namespace winnow
