#pragma once

#include <cstddef>
#include <gsl/span>

namespace winnow {

/// Returns the sum of `term(k)` for all k below `count`. It uses several sums, because in a single one each
/// addition would wait for the previous one.
template<class Sum, class Term>
Sum sum_of(std::size_t count, const Term& term) {
  constexpr std::size_t chains = 8;
  Sum sums[chains] = {};
  std::size_t k = 0;
  for (; k + chains <= count; k += chains)
    for (std::size_t c = 0; c < chains; ++c)
      sums[c] += term(k + c);
  for (; k < count; ++k)
    sums[0] += term(k);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// The squared length of a vector.
inline double sum_of_squares(gsl::span<const float> vector) {
  const float* const values = vector.data();
  return sum_of<double>(vector.size(), [&](std::size_t k) {
    const double value = values[k];
    return value * value;
  });
}

} // namespace winnow
