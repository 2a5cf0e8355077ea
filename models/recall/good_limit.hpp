#pragma once

#include "models/kernels/recall_kernels.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <gsl/span>
#include <limits>

namespace winnow {

/// Maps floats to integers in the same order.
inline std::int32_t key_of(float value) noexcept {
  std::int32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits ^ (bits >> 31 & 0x7FFFFFFF);
}

/// The inverse of `key_of`.
inline float value_of(std::int32_t key) noexcept {
  const std::int32_t bits = key ^ (key >> 31 & 0x7FFFFFFF);
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Returns a limit that at least `k` values reach, but few more. If there is none, returns the highest limit
/// that `k` values reach, or `reached`. Bisects the range of floats: counting is vectorised, sorting is not.
/// @param k At least 1.
/// @param reached A limit that `k` values are known to reach, or minus infinity.
/// @param greatest Of the values.
/// @param count_from Returns how many values are at least its argument.
template<class Count>
float good_limit(std::size_t k, float reached, float greatest, const Count& count_from) {
  std::int64_t low = key_of(reached);
  std::int64_t high = std::int64_t{key_of(greatest)} + 1;
  while (low + 1 < high) {
    const auto middle = (low + high) / 2;
    const auto above = count_from(value_of(static_cast<std::int32_t>(middle)));
    (above >= k ? low : high) = middle;
    if (above >= k && above <= k + k / 16) // a tighter limit would cost more than it saves
      break;
  }
  return value_of(static_cast<std::int32_t>(low));
}

/// The same for the values of a span, none of which is NaN.
inline float good_limit_of(gsl::span<const float> values, std::size_t k,
                           float reached = -std::numeric_limits<float>::infinity()) {
  return good_limit(k, reached, kernels::greatest(values.data(), values.size()), [&](float limit) {
    return kernels::count_not_below(values.data(), values.size(), limit);
  });
}

} // namespace winnow
