#include "models/online/taken_outcome.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

constexpr double z = 1.959964; // of the normal distribution, for 95 %

double square(double x) {
  return x * x;
}

} // namespace

std::string_view to_string(taken_place place) noexcept {
  switch (place) {
  case taken_place::first:
    return "1";
  case taken_place::to_5:
    return "2-5";
  case taken_place::to_10:
    return "6-10";
  case taken_place::to_20:
    return "11-20";
  case taken_place::absent:
    break;
  }
  return "not";
}

taken_place place_of(std::size_t place) noexcept {
  constexpr std::size_t few = 5, several = 10, most = 20;
  if (place == 0 || place > most)
    return taken_place::absent;
  if (place == 1)
    return taken_place::first;
  return place <= few ? taken_place::to_5 : place <= several ? taken_place::to_10 : taken_place::to_20;
}

estimate hit_rate(const taken_outcome& of) {
  if (of.taken == 0)
    return {0, 0, 1};
  const auto n = static_cast<double>(of.taken);
  const double p = static_cast<double>(of.hits()) / n;
  const double scale = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {p, std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

estimate mean_reciprocal_rank(const taken_outcome& of) {
  if (of.taken == 0)
    return {0, 0, 1};
  const auto n = static_cast<double>(of.taken);
  const double mean = of.reciprocal_places / n;
  const double variance = std::max(0.0, of.squared_reciprocal_places / n - mean * mean);
  const double half = z * std::sqrt(variance / n);
  return {mean, std::max(0.0, mean - half), std::min(1.0, mean + half)};
}

estimate hit_rate_difference(const taken_outcome& of, const taken_outcome& than) {
  const auto a = hit_rate(of), b = hit_rate(than);
  const double difference = a.value - b.value;
  return {difference, difference - std::sqrt(square(a.value - a.low) + square(b.high - b.value)),
          difference + std::sqrt(square(a.high - a.value) + square(b.value - b.low))};
}

} // namespace winnow
