#pragma once

#include "config/error.hpp"
#include "models/catalogue/feature_rows.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/kernels/aligned.hpp"
#include "models/ranking/mlp.hpp"
#include "models/ranking/ranking_query.hpp"

#include <cstdint>
#include <gsl/span>

namespace winnow {

/// Inference of a Deep Interest Network (Zhou et al. 2018, "Deep Interest Network for Click-Through Rate
/// Prediction").
///
/// Let e(x) = W_e x + b_e, the attention s(c, h) = w_v · relu(W_q e(c) + W_k e(h)), and a its softmax over
/// the history. The logit is then MLP([Σ a_h e(h), e(c), mean_h e(h)]). Linear maps are composed at load: the
/// projections act on the features directly, and the interest is pooled over features, so a request needs no
/// product with the embedding. Because w relu(q + k) = w k ± max(|w| q, -|w| k), attention takes one maximum
/// and one addition per channel. It starts from the sum of all w k, which is computed once per history item.
///
/// Immutable after construction; any thread may score with its own scratch.
class din_model {
public:
  /// Buffers of `score`, one set per thread. They do not allocate once they have grown.
  struct scratch {
    aligned_floats key, key_sum, query, attention, input, layers, history_features, first_bias, mean;
  };

  /// Builds the model from a checkpoint's tensors. Their shapes determine all sizes.
  static result<din_model> from_checkpoint(const checkpoint& file);

  std::size_t feature_width() const noexcept { return feature_width_; }

  /// The number of attention channels in use. Channels of the checkpoint that cannot matter are left out.
  std::size_t channels() const noexcept { return channels_; }

  /// Attention uses at most this many of the most recent history items.
  static constexpr std::size_t history_limit = 50;

  /// Writes each query's logits. The sigmoid of a logit is the click probability. An empty history counts as
  /// one unknown item.
  void score(const feature_rows& features, gsl::span<const ranking_query> batch, scratch& work) const;

  /// Returns the least number of multiply-adds that scoring takes. Each addition and each maximum of
  /// attention counts as one.
  std::size_t operations(std::size_t candidates, std::size_t history) const noexcept;

  /// Computes the weights with which `score` pools the history.
  /// @param history As in a query. Only its last `history_limit` items have weights.
  /// @param weights Out: one row per candidate, one column per item that has a weight. Each row sums to one.
  void attend(const feature_rows& features, gsl::span<const std::uint32_t> candidates,
              gsl::span<const std::uint32_t> history, scratch& work, gsl::span<float> weights) const;

private:
  din_model() = default;

  /// Writes a tile of candidates' features to `work.input`, and their attention queries to `work.query`.
  void prepare_candidates(const feature_rows& features, gsl::span<const std::uint32_t> candidates,
                          scratch& work) const;

  /// Writes the weights that the candidates in these columns give the prepared history to `work.attention`.
  void weigh_history(std::size_t length, kernels::column_range columns, scratch& work) const;

  /// Computes what is needed once per request.
  void prepare_history(const feature_rows& features, gsl::span<const std::uint32_t> history,
                       scratch& work) const;

  std::size_t feature_width_ = 0;
  std::size_t channels_ = 0;
  std::size_t adding_channels_ = 0;              ///< The first channels, whose weight in w_v is positive.
  aligned_floats query_weight_, query_bias_;     ///< |w_v| W_q W_e: channels × F, and |w_v| W_q b_e
  aligned_floats key_weight_, key_bias_;         ///< - |w_v| W_k W_e
  aligned_floats key_sum_weight_, key_sum_bias_; ///< w_v · W_k W_e: one row
  vector_layer on_mean_; ///< The first layer's part for the mean of the history's features
  mlp mlp_;              ///< Takes [pooled features, candidate's features]
};

} // namespace winnow
