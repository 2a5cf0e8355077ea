#pragma once

#include "models/training/embedding_rows.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// The softmax loss of pairs of user and item. The pairs are divided into groups. In a group, each user's
/// item competes by inner product with the items of all pairs, except others that the user took.
///
/// Items are in a group as often as they are drawn, so the logarithm of that probability is subtracted from
/// their scores. Then the loss estimates that of a softmax over the whole catalogue (Bengio and Senécal 2008,
/// "Adaptive Importance Sampling to Accelerate Training of a Neural Probabilistic Language Model").
///
/// The result does not depend on the number of threads.
class in_batch_softmax {
public:
  struct pair {
    std::uint32_t user, item; ///< Rows of the output: users first, then items.
  };

  /// @param train Each user's items; pairs are drawn by a random user, then one of the user's items. `train`
  /// and `team` must outlive this.
  /// @param group Pairs in a group.
  in_batch_softmax(const item_lists& train, std::size_t items, std::size_t group, thread_team& team);

  /// Adds the gradient of the mean loss, times `scale`, with respect to the rows of `output`.
  /// @return The mean loss of a pair.
  double add_gradients(gsl::span<const pair> pairs, const embedding_rows& output, double scale,
                       embedding_rows& gradient);

private:
  struct workspace;

  double run_groups(gsl::span<const pair> pairs, const embedding_rows& output, float pull, double loss);
  double run_group(gsl::span<const pair> pairs, std::size_t first, const embedding_rows& output, float pull);
  double differentiate(gsl::span<const pair> pairs, float pull, workspace& work) const;

  const item_lists& train_;
  std::size_t group_;
  thread_team& team_;
  std::vector<float> log_probability_;             ///< Of drawing each item.
  embedding_rows user_gradients_, item_gradients_; ///< By pair of `run_groups`.
  std::vector<double> losses_;                     ///< By group.
};

} // namespace winnow
