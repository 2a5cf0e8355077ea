#pragma once

#include "models/recall/top_k.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"
#include "models/transitions/transition_table.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// The rankings that a model must beat: popularity, and the cosine between items taken by the same users.
/// Both use the training items alone. Immutable once built; threads may share it, each with its own scratch.
class baselines {
public:
  struct scratch {
    std::vector<float> of_users;
    std::vector<float> scores; ///< Scores of all items by the last `score_by_cosine`.
    transition_scratch transitions;
  };

  /// @param taken Each user's training items, all below `item_count`.
  baselines(item_lists taken, std::size_t item_count, thread_team& team);

  /// Decayed transitions between the training items, with fixed constants: what knows the order of things,
  /// and no more.
  const transition_table& transitions() const noexcept { return transitions_; }

  /// Number of users who took each item.
  const std::vector<std::uint32_t>& takers() const noexcept { return takers_; }

  /// The `count` most popular items that are not excluded; ties by index. @param excluded Ascending.
  std::vector<scored_item> most_popular(gsl::span<const std::uint32_t> excluded, std::size_t count) const;

  /// Scores each item by the sum of its cosines to the known items: cos(i, j) = |takers of both| /
  /// sqrt(|takers of i| · |takers of j|).
  void score_by_cosine(gsl::span<const std::uint32_t> known, scratch& work) const;

private:
  item_lists taken_;     ///< Items, by user.
  item_lists takers_of_; ///< Users, by item.
  std::vector<std::uint32_t> takers_;
  std::vector<float> scale_; ///< 1 / sqrt(takers); 0 for none.
  std::vector<std::uint32_t> by_popularity_;
  transition_table transitions_;
};

/// The `count` items with the highest scores that are not excluded; ties by index. @param excluded Ascending.
std::vector<scored_item> best_of_all(gsl::span<const float> scores, gsl::span<const std::uint32_t> excluded,
                                     std::size_t count);

} // namespace winnow
