#pragma once

#include <cstddef>
#include <gsl/span>
#include <string>
#include <vector>

namespace winnow {

/// The distribution of a number, in bins that hold about equally much of it.
struct reference_histogram {
  std::string name;           ///< Of the number: `score`, or a stage feature.
  std::vector<float> bounds;  ///< Ascending, each once. A value belongs to the bin of the bounds up to it.
  std::vector<double> shares; ///< Of the bins: one more than there are bounds; together 1.

  std::size_t bin_of(float value) const noexcept;
};

/// Makes a histogram of at most ten bins. Values that occur often may take several tenths; then there are
/// fewer. @param values At least one.
reference_histogram make_reference(std::string name, std::vector<float> values);

/// The population stability index Σ (a - b) · ln(a / b) of two distributions over the same bins. As a rule of
/// thumb, below 0.1 nothing has changed, and above 0.25 much has.
/// @param counts How much is in each bin now; need not add up to 1. @return 0 if they are all 0.
double stability_index(gsl::span<const double> expected_shares, gsl::span<const double> counts);

} // namespace winnow
