#include "tools/winnow-bench/samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace winnow::bench {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

double samples::median() const {
  if (values.empty())
    return not_a_number;
  auto sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const auto middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double samples::least() const {
  return values.empty() ? not_a_number : *std::min_element(values.begin(), values.end());
}

double samples::greatest() const {
  return values.empty() ? not_a_number : *std::max_element(values.begin(), values.end());
}

samples ratios(const samples& one, const samples& other) {
  samples made;
  for (std::size_t i = 0; i < std::min(one.values.size(), other.values.size()); ++i)
    made.add(one.values[i] / other.values[i]);
  return made;
}

samples sums(const samples& one, const samples& other) {
  samples made;
  for (std::size_t i = 0; i < std::min(one.values.size(), other.values.size()); ++i)
    made.add(one.values[i] + other.values[i]);
  return made;
}

std::string number_text(double value) {
  if (!std::isfinite(value))
    return "";
  const double size = std::fabs(value);
  const int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string samples_text(const samples& measured) {
  auto text = number_text(measured.median());
  if (measured.values.size() > 1)
    text += " (" + number_text(measured.least()) + " to " + number_text(measured.greatest()) + ")";
  return text;
}

} // namespace winnow::bench
