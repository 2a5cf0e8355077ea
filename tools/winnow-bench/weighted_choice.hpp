#pragma once

#include "models/training/support/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace winnow::bench {

/// Returns 1/(rank + offset)^exponent for `count` ranks.
inline std::vector<double> zipf_weights(std::size_t count, double offset, double exponent) {
  std::vector<double> weights(count);
  for (std::size_t rank = 0; rank < count; ++rank)
    weights[rank] = std::pow(static_cast<double>(rank) + offset, -exponent);
  return weights;
}

template<class T>
void shuffle(std::vector<T>& values, random_source& random) {
  for (auto left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[random.below(left)]);
}

/// Draws positions with probabilities in proportion to their weights.
class weighted_choice {
public:
  explicit weighted_choice(const std::vector<double>& weights) : sums_(weights.size()) {
    std::partial_sum(weights.begin(), weights.end(), sums_.begin());
  }
  std::uint32_t draw(random_source& random) const {
    const auto found = std::upper_bound(sums_.begin(), sums_.end(), random.uniform() * sums_.back());
    return static_cast<std::uint32_t>(
        std::min<std::ptrdiff_t>(found - sums_.begin(), std::ptrdiff_t(sums_.size()) - 1));
  }
  bool empty() const { return sums_.empty(); }

private:
  std::vector<double> sums_;
};

} // namespace winnow::bench
