#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

/// What lists and scores are worth: pure functions, each of one user or one column of values.
namespace winnow {

/// Where in `list` the wanted items stand: positions from 0, rising.
/// @param wanted Rising.
std::vector<std::size_t> hit_positions(gsl::span<const std::uint32_t> list,
                                       gsl::span<const std::uint32_t> wanted);

// Below, `hits` is what `hit_positions` gives, and only the list's first `k` count.

/// Hits over wanted items. @param wanted How many there are, at least 1; also those that no list can hold.
double recall_at(gsl::span<const std::size_t> hits, std::size_t k, std::size_t wanted);

/// Discounted gain 1 / log2(position + 2) of the hits, over that of the best list possible: min(k, wanted)
/// hits in front.
double ndcg_at(gsl::span<const std::size_t> hits, std::size_t k, std::size_t wanted);

/// 1 where there is a hit at all, else 0.
double hit_rate_at(gsl::span<const std::size_t> hits, std::size_t k);

/// 1 / (position + 1) of the first hit, 0 without one.
double reciprocal_rank_at(gsl::span<const std::size_t> hits, std::size_t k);

struct mean_with_error {
  double mean = 0;
  double standard_error = 0; ///< Of the mean; 0 for fewer than two values.
};

mean_with_error mean_of(gsl::span<const double> values);

/// How likely a positive scores above a negative, equal scores half: the area under the ROC curve. Neither is
/// empty.
double area_under_curve(gsl::span<const float> positives, gsl::span<const float> negatives);

/// -log2 of the share of the users that took an item: how little known it is, in bits. An item that nobody
/// took counts as one that one user took.
double self_information(std::size_t takers, std::size_t users);

} // namespace winnow
