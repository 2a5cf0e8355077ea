#pragma once

#include <string>
#include <vector>

namespace winnow::bench {

/// The values of one quantity, measured several times.
struct samples {
  std::vector<double> values;

  void add(double value) { values.push_back(value); }
  bool empty() const { return values.empty(); }
  /// The mean of the two middle values if the number of values is even; NaN if there are none.
  double median() const;
  double least() const;    ///< NaN if there are none.
  double greatest() const; ///< NaN if there are none.
};

/// Divides the values of each repetition. Disturbances that affect both cancel out.
samples ratios(const samples& one, const samples& other);

/// Adds the values of each repetition.
samples sums(const samples& one, const samples& other);

/// Formats a number with three or four digits: `0.0123`, `1.23`, `12.3`, `1234`.
std::string number_text(double value);

/// Formats as `median (least to greatest)`; as the median alone if there is one value; empty if there are
/// none.
std::string samples_text(const samples& measured);

} // namespace winnow::bench
