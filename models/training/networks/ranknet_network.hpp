#pragma once

#include "models/training/networks/column_scale.hpp"
#include "models/training/networks/parameter.hpp"
#include "models/training/networks/trainable_mlp.hpp"
#include "models/training/support/thread_team.hpp"

#include <gsl/span>
#include <vector>

namespace winnow {

/// One training example: the user took the first candidate and passed over the others.
struct ranknet_group {
  gsl::span<const float> user;       ///< `user_width` values.
  gsl::span<const float> candidates; ///< At least two rows of `feature_width`.
};

struct ranknet_shape {
  std::size_t user_width = 1;
  std::size_t feature_width = 1;
  std::size_t embedding_width = 32; ///< Width of each of the projections of user and item.
  std::vector<std::size_t> hidden = {64, 32};
  double dropout = 0.1;
};

/// RankNet's network (Burges et al. 2005) in training: the form that models/ranking/ranknet.hpp serves, with
/// its backward pass. It learns from whole lists rather than pairs: the loss of a group is -ln of the softmax
/// of its first candidate's score (ListNet with a single relevant item, Cao et al. 2007).
class ranknet_network {
public:
  /// @param user_scale, feature_scale Standardise the columns; `tensors` folds them into the weights.
  ranknet_network(const ranknet_shape& shape, column_scale user_scale, column_scale feature_scale,
                  std::uint64_t seed, thread_team& team);

  /// Starts from the weights of an earlier training in the place of random ones. @param weights Its columns
  /// are the item's columns, if the network has any, and then the stage features.
  /// @return `unsupported` if they do not fit; then the network is of no use.
  result<void> start_from(const start_weights& weights);

  /// Takes one Adam step. @return The mean loss of a group.
  double step(gsl::span<const ranknet_group> batch, const adam_options& options);

  /// The checkpoint's tensors, for raw features.
  std::vector<named_tensor> tensors() const;

  /// Adds the gradients of a batch to the parameters without a step. @return The mean loss of a group.
  double accumulate(gsl::span<const ranknet_group> batch, bool with_dropout);
  std::vector<parameter*> parameters();

private:
  void lay_out(gsl::span<const ranknet_group> batch);
  double listwise_loss(gsl::span<const ranknet_group> batch, const aligned_floats& scores);

  ranknet_shape shape_;
  column_scale user_scale_, feature_scale_;
  thread_team& team_;
  random_source random_;
  std::uint64_t steps_ = 0;
  parameter user_, user_bias_, item_, item_bias_;
  trainable_mlp mlp_;

  // The current batch: a row of `users_` for each group, the other rows for each candidate.
  std::vector<std::size_t> first_rows_; ///< By group, and the end of the last one.
  aligned_floats users_, projected_users_, features_, input_, score_gradient_, user_gradient_;
};

} // namespace winnow
