#pragma once

#include "models/training/networks/column_scale.hpp"
#include "models/training/networks/parameter.hpp"
#include "models/training/networks/trainable_mlp.hpp"
#include "models/training/support/thread_team.hpp"

#include <gsl/span>
#include <vector>

namespace winnow {

/// A user's candidates as RankNet learns from them: the first was taken, the others were passed over.
struct ranknet_group {
  gsl::span<const float> user;       ///< `user_width` long.
  gsl::span<const float> candidates; ///< Rows of `feature_width`; at least two.
};

struct ranknet_shape {
  std::size_t user_width = 1;
  std::size_t feature_width = 1;
  std::size_t embedding_width = 32; ///< Of the projections of user and item, each.
  std::vector<std::size_t> hidden = {64, 32};
  double dropout = 0.1;
};

/// RankNet (Burges et al. 2005) in training: the form that models/ranking/ranknet.hpp serves, with its way
/// back. The loss of a group is the mean of ln(1 + exp(s_other - s_first)) over its pairs.
class ranknet_network {
public:
  /// @param user_scale, feature_scale What brings the columns to unit scale; the tensors take it into their
  /// weights.
  ranknet_network(const ranknet_shape& shape, column_scale user_scale, column_scale feature_scale,
                  std::uint64_t seed, thread_team& team);

  /// One step of Adam. @return The mean loss of a group.
  double step(gsl::span<const ranknet_group> batch, const adam_options& options);

  /// The checkpoint's tensors, for features as they come.
  std::vector<named_tensor> tensors() const;

  /// The loss alone, with the gradients that it gives the parameters.
  double accumulate(gsl::span<const ranknet_group> batch, bool with_dropout);
  std::vector<parameter*> parameters();

private:
  void lay_out(gsl::span<const ranknet_group> batch);
  double pairwise_loss(gsl::span<const ranknet_group> batch, const aligned_floats& scores);

  ranknet_shape shape_;
  column_scale user_scale_, feature_scale_;
  thread_team& team_;
  random_source random_;
  std::uint64_t steps_ = 0;
  parameter user_, user_bias_, item_, item_bias_;
  trainable_mlp mlp_;
  aligned_floats users_, features_, input_, score_gradient_;
};

} // namespace winnow
