#pragma once

#include "config/error.hpp"
#include "models/catalogue/feature_table.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/kernels/aligned.hpp"
#include "models/ranking/mlp.hpp"
#include "models/ranking/ranking_query.hpp"

#include <cstdint>
#include <gsl/span>

namespace winnow {

/// Deep Interest Network (Zhou et al. 2018, "Deep Interest Network for Click-Through Rate Prediction"),
/// inference.
///
/// With e(x) = W_e x + b_e, attention s(c, h) = w_v · relu(W_q e(c) + W_k e(h)), a = softmax over the
/// history, the logit is MLP([Σ a_h e(h), e(c), mean_h e(h)]). What is linear is composed at load: the
/// projections act on the features directly, and the interest is pooled over features, so a request costs no
/// product with the embedding. As w relu(q + k) = w k ± max(|w| q, -|w| k), attention takes a maximum and an
/// addition a channel, and starts from the sum of all w k, once a history item.
///
/// Immutable after construction; any thread may score with its own scratch.
class din_model {
public:
  /// Buffers that `score` works in: one a thread, reused without allocation once they have grown.
  struct scratch {
    aligned_floats key, key_sum, query, attention, input, layers, history_features, first_bias, mean;
  };

  /// Builds the model from a checkpoint's tensors; every size comes from their shapes.
  static result<din_model> from_checkpoint(const checkpoint& file);

  std::size_t feature_width() const noexcept { return feature_width_; }

  /// Attention channels in use; those of the checkpoint that cannot matter are left out.
  std::size_t channels() const noexcept { return channels_; }

  /// The most recent history items that attention looks at.
  static constexpr std::size_t history_limit = 50;

  /// Writes each query's logits (sigmoid of which is the click probability).
  /// An empty history counts as one unknown item.
  void score(const feature_table& features, gsl::span<const ranking_query> batch, scratch& work) const;

  /// Multiply-adds that scoring takes at least, an addition or a maximum of attention counted as one.
  std::size_t operations(std::size_t candidates, std::size_t history) const noexcept;

  /// The weights that `score` pools the history with.
  /// @param history As in a query; of a longer one the last `history_limit` items have weights, the others
  /// none.
  /// @param weights Out: one row a candidate, one column an item that has a weight. A row's sum is one.
  void attend(const feature_table& features, gsl::span<const std::uint32_t> candidates,
              gsl::span<const std::uint32_t> history, scratch& work, gsl::span<float> weights) const;

private:
  din_model() = default;

  /// Leaves a tile of candidates' features in `work.input`, and their queries to attention in `work.query`.
  void prepare_candidates(const feature_table& features, gsl::span<const std::uint32_t> candidates,
                          scratch& work) const;

  /// Leaves in `work.attention` what these columns' candidates weigh the prepared history with.
  void weigh_history(std::size_t length, kernels::column_range columns, scratch& work) const;

  /// What is computed once a request.
  void prepare_history(const feature_table& features, gsl::span<const std::uint32_t> history,
                       scratch& work) const;

  std::size_t feature_width_ = 0;
  std::size_t channels_ = 0;
  std::size_t adding_channels_ = 0;              ///< The first ones: their weight in w_v is positive.
  aligned_floats query_weight_, query_bias_;     ///< |w_v| W_q W_e: channels × F, and what it makes of b_e
  aligned_floats key_weight_, key_bias_;         ///< - |w_v| W_k W_e
  aligned_floats key_sum_weight_, key_sum_bias_; ///< w_v · W_k W_e: one row
  vector_layer on_mean_; ///< The first layer's part for the history's mean, on features
  mlp mlp_;              ///< On [pooled features, candidate's features]
};

} // namespace winnow
