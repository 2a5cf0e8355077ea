#pragma once

#include "models/training/embedding_rows.hpp"
#include "models/training/interactions/interactions.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace winnow {

/// What LightGCN learns from.
enum class pair_loss {
  softmax, ///< The user's item against those of other users, see `in_batch_softmax`.
  bpr,     ///< The user's item against one drawn at random: Bayesian personalised ranking, as published.
};

struct lightgcn_options {
  std::size_t layers = 3; ///< Propagation layers; the output is the mean of these and the input.
  pair_loss loss = pair_loss::softmax;
  std::size_t group = 512; ///< Pairs in a group of the softmax.
  std::uint64_t seed = 2020;

  // Without a value, `with_defaults` sets one that fits the loss and the data.
  std::optional<std::size_t> width; ///< Of an embedding.
  std::optional<double> learning_rate;
  std::optional<double> l2;         ///< On the embeddings of a batch's users and items before propagation.
  std::optional<std::size_t> batch; ///< Pairs of user and item per step.
  /// Whether a step reads neighbours' rows in half of their bytes (bfloat16). Parameters, moments and the
  /// result stay single precision. Pays where the embeddings exceed the caches.
  std::optional<bool> short_rows;

  /// Embeddings to start from, users first, then items; null: a start that fits the loss. They set the width.
  std::shared_ptr<const embedding_rows> start;

  /// From this many interactions on, an epoch takes minutes.
  static constexpr std::size_t many_interactions = 2'000'000;
};

/// Sets what has no value.
///
/// For the softmax, the batch grows with the interactions to about a hundredth of them, because each step
/// propagates over the whole graph. With many interactions it is about a twentieth, and the learning rate is
/// smaller: the start is already good there, and the noise of small batches would add up and harm it. The
/// sparser the interactions, the larger is L2: it is inversely proportional to the root of the share of all
/// pairs that were taken, which fitted data sets of very different kinds. Many interactions tell more about a
/// user or an item than 64 numbers can hold, so the embeddings are 128 wide then. For BPR, these are the
/// values of the LightGCN paper.
lightgcn_options with_defaults(lightgcn_options options, const item_lists& train, std::size_t items);

} // namespace winnow
