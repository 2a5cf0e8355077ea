#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

/// Quality metrics of lists and scores: pure functions, each for one user or one column of values.
namespace winnow {

/// Returns the positions (from 0, ascending) of the wanted items in `list`.
/// @param wanted Sorted in ascending order.
std::vector<std::size_t> hit_positions(gsl::span<const std::uint32_t> list,
                                       gsl::span<const std::uint32_t> wanted);

// Below, `hits` is a result of `hit_positions`, and only the first `k` positions of the list count.

/// Hits divided by `wanted`.
/// @param wanted The number of wanted items, at least 1, including those that no list can contain.
double recall_at(gsl::span<const std::size_t> hits, std::size_t k, std::size_t wanted);

/// The discounted gain 1 / log2(position + 2) of the hits, divided by that of the best possible list, which
/// begins with min(k, wanted) hits.
double ndcg_at(gsl::span<const std::size_t> hits, std::size_t k, std::size_t wanted);

/// 1 if there is a hit, else 0.
double hit_rate_at(gsl::span<const std::size_t> hits, std::size_t k);

/// 1 / (position + 1) of the first hit, or 0 if there is none.
double reciprocal_rank_at(gsl::span<const std::size_t> hits, std::size_t k);

struct mean_with_error {
  double mean = 0;
  double standard_error = 0; ///< Of the mean; 0 if there are fewer than two values.
};

mean_with_error mean_of(gsl::span<const double> values);

/// The area under the ROC curve: the probability that a positive scores above a negative, where equal scores
/// count half. Neither span may be empty.
double area_under_curve(gsl::span<const float> positives, gsl::span<const float> negatives);

/// The novelty of an item in bits: -log2 of the share of users who took it. An item without takers counts as
/// taken by one user.
double self_information(std::size_t takers, std::size_t users);

} // namespace winnow
