#pragma once

#include <string>
#include <vector>

namespace winnow::bench {

/// One quantity, measured several times.
struct samples {
  std::vector<double> values;

  void add(double value) { values.push_back(value); }
  bool empty() const { return values.empty(); }
  double median() const; ///< The mean of the two in the middle where their number is even; NaN without any.
  double least() const;
  double greatest() const;
};

/// Each value of one over that of the other of the same repetition: what disturbs both cancels out.
samples ratios(const samples& one, const samples& other);

/// The sum of each repetition.
samples sums(const samples& one, const samples& other);

/// A number to three or four digits: `0.0123`, `1.23`, `12.3`, `1234`.
std::string number_text(double value);

/// `median (least to greatest)`; the median alone where there is one value, nothing without any.
std::string samples_text(const samples& measured);

} // namespace winnow::bench
