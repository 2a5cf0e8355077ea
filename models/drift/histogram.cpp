#include "models/drift/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace winnow {

namespace {

constexpr std::size_t most_bins = 10;
constexpr double least_share = 1e-4; // so that its logarithm is finite

} // namespace

std::size_t reference_histogram::bin_of(float value) const noexcept {
  return static_cast<std::size_t>(std::upper_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
}

reference_histogram make_reference(std::string name, std::vector<float> values) {
  reference_histogram made;
  made.name = std::move(name);
  std::sort(values.begin(), values.end());
  for (std::size_t i = 1; i < most_bins; ++i) {
    const auto bound = values[values.size() * i / most_bins];
    // Below the smallest value nothing is.
    if (bound > values.front() && (made.bounds.empty() || bound > made.bounds.back()))
      made.bounds.push_back(bound);
  }
  made.shares.assign(made.bounds.size() + 1, 0);
  for (const auto value : values)
    made.shares[made.bin_of(value)] += 1;
  for (auto& share : made.shares) // counted first, so that the same values give an index of exactly 0
    share /= static_cast<double>(values.size());
  return made;
}

double stability_index(gsl::span<const double> expected_shares, gsl::span<const double> counts) {
  const auto all = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (all <= 0)
    return 0;
  double index = 0;
  for (std::size_t i = 0; i < expected_shares.size(); ++i) {
    const double a = std::max(counts[i] / all, least_share), b = std::max(expected_shares[i], least_share);
    index += (a - b) * std::log(a / b);
  }
  return index;
}

} // namespace winnow
