#include "models/online/taken_outcome.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace winnow {

namespace {

constexpr double z = 1.959964; // of the normal distribution, for 95 %

double square(double x) {
  return x * x;
}

/// As many independent items have the spread that these have between users.
double independent_items(const taken_outcome& of, double p) {
  const auto n = static_cast<double>(of.taken), users = static_cast<double>(of.users);
  const double independent = n * p * (1 - p);
  if (of.users < 2)
    return of.users == 1 ? 1 : n;
  if (independent <= 0)
    return n;
  const auto& sums = of.spread;
  const double found = (sums.hh - 2 * p * sums.hn + p * p * sums.nn) * users / (users - 1);
  return n / std::max(1.0, found / independent);
}

/// Wilson's interval of a share among `n` independent items.
estimate wilson(double p, double n) {
  const double scale = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {p, std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

/// Newcombe's interval of a difference from those of both values.
estimate difference_of(const estimate& a, const estimate& b) {
  const double difference = a.value - b.value;
  return {difference, difference - std::sqrt(square(a.value - a.low) + square(b.high - b.value)),
          difference + std::sqrt(square(a.high - a.value) + square(b.value - b.low))};
}

/// The probability that chi square is greater, by the recurrence in the degrees of freedom.
double chi_square_beyond(double x, std::size_t degrees) {
  const double half = x / 2;
  double beyond = degrees % 2 == 1 ? std::erfc(std::sqrt(half)) : std::exp(-half);
  for (std::size_t k = degrees % 2 == 1 ? 1 : 2; k < degrees; k += 2) {
    const double a = static_cast<double>(k) / 2;
    int sign = 1; // std::lgamma would put it into a global variable
    beyond += half > 0 ? std::exp(a * std::log(half) - half - ::lgamma_r(a + 1, &sign)) : 0;
  }
  return std::min(1.0, beyond);
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
  case taken_place::to_200:
    return "21-200";
  case taken_place::absent:
    break;
  }
  return "not";
}

taken_place place_of(std::size_t place) noexcept {
  constexpr std::pair<std::size_t, taken_place> last_places[] = {
      {0, taken_place::absent}, {1, taken_place::first},  {5, taken_place::to_5},
      {10, taken_place::to_10}, {20, taken_place::to_20}, {200, taken_place::to_200}};
  for (const auto& [last, range] : last_places)
    if (place <= last)
      return range;
  return taken_place::absent;
}

void add_outcome(taken_outcome& to, const taken_outcome& other) {
  to.since = to.taken == 0 ? other.since : other.taken == 0 ? to.since : std::min(to.since, other.since);
  to.until = std::max(to.until, other.until);
  to.lists += other.lists;
  to.users += other.users;
  to.spread.nn += other.spread.nn;
  to.spread.hh += other.spread.hh;
  to.spread.hn += other.spread.hn;
  to.spread.rr += other.spread.rr;
  to.spread.rn += other.spread.rn;
  to.taken += other.taken;
  for (std::size_t i = 0; i < taken_places; ++i)
    to.places[i] += other.places[i];
  to.reciprocal_places += other.reciprocal_places;
  to.squared_reciprocal_places += other.squared_reciprocal_places;
  to.ages += other.ages;
}

estimate hit_rate(const taken_outcome& of) {
  if (of.taken == 0)
    return {0, 0, 1};
  const double p = static_cast<double>(of.hits()) / static_cast<double>(of.taken);
  return wilson(p, independent_items(of, p));
}

estimate mean_reciprocal_rank(const taken_outcome& of) {
  if (of.taken == 0)
    return {0, 0, 1};
  const auto n = static_cast<double>(of.taken);
  const double mean = of.reciprocal_places / n;
  const double independent = of.squared_reciprocal_places - n * mean * mean;
  double found = independent;
  if (of.users >= 2) {
    const auto users = static_cast<double>(of.users);
    const auto& sums = of.spread;
    found = std::max(found, (sums.rr - 2 * mean * sums.rn + mean * mean * sums.nn) * users / (users - 1));
  }
  // Equal values of a few users do not make the mean certain. No value in [0, 1] has a larger spread than a
  // share with this mean.
  if (constexpr double rounding = 1e-9; found <= rounding * n)
    return wilson(mean, independent_items(of, mean));
  const double half = z * std::sqrt(found) / n;
  return {mean, std::max(0.0, mean - half), std::min(1.0, mean + half)};
}

estimate hit_rate_difference(const taken_outcome& of, const taken_outcome& than) {
  return difference_of(hit_rate(of), hit_rate(than));
}

estimate mean_reciprocal_rank_difference(const taken_outcome& of, const taken_outcome& than) {
  return difference_of(mean_reciprocal_rank(of), mean_reciprocal_rank(than));
}

double confidence_of(const estimate& difference) {
  const double away = std::abs(difference.value);
  const double half =
      difference.value > 0 ? difference.value - difference.low : difference.high - difference.value;
  return half > 0 ? std::erf(away / (half / z) / std::sqrt(2.0)) : 0;
}

ratio_check check_ratio(const std::vector<std::uint64_t>& users, const std::vector<double>& shares) {
  double all_users = 0, all_shares = 0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    all_users += static_cast<double>(users[i]);
    all_shares += shares[i];
  }
  ratio_check checked;
  if (users.size() < 2 || all_users <= 0 || all_shares <= 0)
    return checked;
  for (std::size_t i = 0; i < users.size(); ++i)
    if (const double expected = all_users * shares[i] / all_shares; expected > 0)
      checked.chi_square += square(static_cast<double>(users[i]) - expected) / expected;
  checked.probability = chi_square_beyond(checked.chi_square, users.size() - 1);
  return checked;
}

void add_to_spread(sums_over_users& sums, std::uint32_t n, std::uint32_t h, double r, double reciprocal) {
  const double n_before = n, h_before = h;
  const double n_now = n_before + 1, h_now = h_before + (reciprocal > 0 ? 1 : 0), r_now = r + reciprocal;
  sums.nn += square(n_now) - square(n_before);
  sums.hh += square(h_now) - square(h_before);
  sums.hn += h_now * n_now - h_before * n_before;
  sums.rr += square(r_now) - square(r);
  sums.rn += r_now * n_now - r * n_before;
}

} // namespace winnow
