#include "models/evaluation/baselines.hpp"

#include "models/training/transition_fit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace winnow {

namespace {

/// Lists of the users who took each item.
item_lists inverted(const item_lists& taken, std::size_t item_count) {
  std::vector<interaction> pairs; // with user and item swapped
  pairs.reserve(taken.size());
  for (std::uint32_t user = 0; user < taken.users(); ++user)
    for (const auto item : taken.of(user))
      pairs.push_back({item, user, 0});
  return item_lists::group(item_count, pairs);
}

} // namespace

baselines::baselines(item_lists taken, std::size_t item_count, thread_team& team)
    : taken_(std::move(taken)), takers_of_(inverted(taken_, item_count)), takers_(item_count),
      scale_(item_count), by_popularity_(item_count),
      transitions_(count_transitions(taken_, item_count, {}, team), taken_counts(taken_, item_count), {}) {
  for (std::size_t item = 0; item < item_count; ++item) {
    takers_[item] = static_cast<std::uint32_t>(takers_of_.of(item).size());
    scale_[item] = takers_[item] == 0 ? 0.0f : 1 / std::sqrt(static_cast<float>(takers_[item]));
  }
  std::iota(by_popularity_.begin(), by_popularity_.end(), 0);
  std::stable_sort(by_popularity_.begin(), by_popularity_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return takers_[a] > takers_[b]; });
}

std::vector<scored_item> baselines::most_popular(gsl::span<const std::uint32_t> excluded,
                                                 std::size_t count) const {
  std::vector<scored_item> best;
  for (auto item = by_popularity_.begin(); item != by_popularity_.end() && best.size() < count; ++item)
    if (!std::binary_search(excluded.begin(), excluded.end(), *item))
      best.push_back({*item, static_cast<float>(takers_[*item])});
  return best;
}

void baselines::score_by_cosine(gsl::span<const std::uint32_t> known, scratch& work) const {
  // Goes through the users in between: each user adds the weight of the known items that the user took to all
  // items that the user took. This needs no table of item pairs.
  work.of_users.assign(taken_.users(), 0.0f);
  work.scores.assign(takers_.size(), 0.0f);
  for (const auto item : known)
    for (const auto user : takers_of_.of(item))
      work.of_users[user] += scale_[item];
  for (std::size_t user = 0; user < work.of_users.size(); ++user)
    if (work.of_users[user] > 0)
      for (const auto item : taken_.of(user))
        work.scores[item] += work.of_users[user];
  for (std::size_t item = 0; item < work.scores.size(); ++item)
    work.scores[item] *= scale_[item];
}

std::vector<scored_item> best_of_all(gsl::span<const float> scores, gsl::span<const std::uint32_t> excluded,
                                     std::size_t count) {
  top_k best;
  best.reset(count);
  for (std::uint32_t item = 0; item < scores.size(); ++item)
    if (scores[item] > best.threshold() && !std::binary_search(excluded.begin(), excluded.end(), item))
      best.offer({item, scores[item]});
  return best.sorted();
}

} // namespace winnow
