#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Where on a list an item was found.
enum class taken_place { first, to_5, to_10, to_20, to_200, absent };

inline constexpr std::size_t taken_places = 6;

/// `1`, `2-5`, `6-10`, `11-20`, `21-200` or `not`.
std::string_view to_string(taken_place place) noexcept;

/// @param place Counted from 1; 0: not on the list.
taken_place place_of(std::size_t place) noexcept;

/// A value and the interval that holds the true one with a probability of 95 %.
struct estimate {
  double value = 0, low = 0, high = 0;
};

/// Sums over users of products of what each of them took (n), how much of it was on the list (h), and the sum
/// of 1 / place (r). What one user takes is not independent: the spread between users tells how far a mean
/// may be off.
struct sums_over_users {
  double nn = 0, hh = 0, hn = 0, rr = 0, rn = 0;
};

/// What users took after lists of one version of the models.
struct taken_outcome {
  std::string version;
  std::string trial;       ///< See `experiment::trial`; empty: outside of experiments.
  std::string placement;   ///< Where the shop showed them; empty: the plain lists, which are stored.
  std::int64_t day = 0;    ///< On which they were taken, in days since 1970 (UTC); 0: on any.
  std::uint64_t lists = 0; ///< That were stored.
  std::uint64_t users = 0; ///< Who took something; one who was forgotten meanwhile counts again.
  sums_over_users spread;
  std::uint64_t taken = 0; ///< Items that users took, on the list or not.
  std::array<std::uint64_t, taken_places> places{};
  double reciprocal_places = 0, squared_reciprocal_places = 0; ///< Sums of 1 / place; 0 for those not on it.
  double ages = 0;        ///< Sum over the items on a list: how old it was, in seconds.
  std::int64_t since = 0; ///< Of the first and the last of these items; seconds since 1970.
  std::int64_t until = 0;

  std::uint64_t hits() const noexcept { return taken - places.back(); }
};

/// Adds what was counted for another trial or day. A user of both counts twice.
void add_outcome(taken_outcome& to, const taken_outcome& other);

/// The share of the taken items that were on the list, with Wilson's interval: for as many independent items
/// as have the spread that there is between users.
estimate hit_rate(const taken_outcome& of);

/// The mean of 1 / place, 0 for items that were not on the list. The interval comes from the spread between
/// users; if there is none, it is Wilson's of such a share.
estimate mean_reciprocal_rank(const taken_outcome& of);

/// How much the hit rate of `of` exceeds that of `than`, with Newcombe's interval.
estimate hit_rate_difference(const taken_outcome& of, const taken_outcome& than);

/// The same of the mean of 1 / place.
estimate mean_reciprocal_rank_difference(const taken_outcome& of, const taken_outcome& than);

/// How sure it is that there is a difference at all: 1 less the probability that chance alone makes one that
/// is as large. Of the value and the interval of a difference. 0 if nothing is known.
double confidence_of(const estimate& difference);

/// How far users are from the shares that they should have.
struct ratio_check {
  double chi_square = 0;
  double probability = 1; ///< That chance alone takes them as far.

  /// Chance hardly ever does that: the versions do not get comparable users, and no figure of theirs can be
  /// trusted.
  bool is_off() const noexcept { return probability < 0.001; }
};

/// Pearson's test. @param users Of each version. @param shares What part of the users each should have.
ratio_check check_ratio(const std::vector<std::uint64_t>& users, const std::vector<double>& shares);

/// Counts that a user took an item.
/// @param before What this user took before: n, h and r. @param reciprocal 1 / place; 0: not on the list.
void add_to_spread(sums_over_users& sums, std::uint32_t n, std::uint32_t h, double r, double reciprocal);

} // namespace winnow
