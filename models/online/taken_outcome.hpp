#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// Where on a list an item was found.
enum class taken_place { first, to_5, to_10, to_20, absent };

inline constexpr std::size_t taken_places = 5;

/// `1`, `2-5`, `6-10`, `11-20` or `not`.
std::string_view to_string(taken_place place) noexcept;

/// @param place Counted from 1; 0: not on the list.
taken_place place_of(std::size_t place) noexcept;

/// A value and the interval that holds the true one with a probability of 95 %.
struct estimate {
  double value = 0, low = 0, high = 0;
};

/// What users took after lists of one version of the models.
struct taken_outcome {
  std::string version;
  std::uint64_t taken = 0; ///< Items that users took, on the list or not.
  std::array<std::uint64_t, taken_places> places{};
  double reciprocal_places = 0, squared_reciprocal_places = 0; ///< Sums of 1 / place; 0 for those not on it.
  double ages = 0;        ///< Sum over the items on a list: how old it was, in seconds.
  std::int64_t since = 0; ///< Of the first and the last of these items; seconds since 1970.
  std::int64_t until = 0;

  std::uint64_t hits() const noexcept { return taken - places.back(); }
};

/// The share of the taken items that were on the list, with Wilson's interval.
estimate hit_rate(const taken_outcome& of);

/// The mean of 1 / place, 0 for items that were not on the list.
estimate mean_reciprocal_rank(const taken_outcome& of);

/// How much the hit rate of `of` exceeds that of `than`, with Newcombe's interval.
estimate hit_rate_difference(const taken_outcome& of, const taken_outcome& than);

} // namespace winnow
