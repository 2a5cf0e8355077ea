#pragma once

#include "models/training/embedding_rows.hpp"
#include "models/training/graph_propagation.hpp"
#include "models/training/in_batch_softmax.hpp"
#include "models/training/interaction_graph.hpp"
#include "models/training/lightgcn_options.hpp"
#include "models/training/support/random.hpp"
#include "models/training/support/thread_team.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace winnow {

/// Trains LightGCN (He et al. 2020, "LightGCN: Simplifying and Powering Graph Convolution Network for
/// Recommendation"): embeddings that are propagated over the graph of users and items.
///
/// BPR starts from random embeddings. The softmax starts from embeddings whose propagation is the truncated
/// singular value decomposition of the normalised matrix of users and items, with squared singular values:
/// that ranks well without any training. Users and items without interactions are zeros then.
///
/// With A the normalised adjacency matrix, the output is (E + A E + … + A^L E) / (L + 1), computed from the
/// inside out (Horner's rule). A is symmetric, so the backward pass is the same computation. The last layer
/// of the forward pass computes only the rows of the batch. The first layer of the backward pass reads only
/// the rows to which the batch gave a gradient.
///
/// The result depends on the seed alone, not on the number of threads.
class lightgcn_trainer {
public:
  /// @param train Each user's items. `train` and `team` must outlive the trainer.
  /// @param options Completed by `with_defaults`.
  lightgcn_trainer(const item_lists& train, std::size_t items, const lightgcn_options& options,
                   thread_team& team);
  lightgcn_trainer(const lightgcn_trainer&) = delete;
  lightgcn_trainer& operator=(const lightgcn_trainer&) = delete;

  /// Trains on as many pairs as there are interactions, each from a uniformly drawn user.
  /// @param goes_on Called after each step with the pairs done and their total; returns whether to
  /// continue. May be empty.
  /// @return The mean loss of a pair; nullopt if `goes_on` returned false.
  std::optional<double> run_epoch(const std::function<bool(std::size_t, std::size_t)>& goes_on = {});

  /// L2 as it is, and for the steps from now on.
  double l2() const noexcept { return *options_.l2; }
  void use_l2(double l2) noexcept { options_.l2 = l2; }

  /// The steps from now on take this part of the learning rate.
  void use_rate(double part) noexcept { rate_ = part; }

  /// The embeddings before propagation.
  const embedding_rows& initial() const noexcept { return embeddings_; }

  /// The final embeddings: users first, then items. Valid until the next step or call.
  const embedding_rows& propagated() { return propagated(embeddings_); }

  /// @param initial The embeddings before propagation, of this epoch or an earlier one.
  const embedding_rows& propagated(const embedding_rows& initial);

  /// The rows from which serving computes a user's vector, see `fold_in`: users first, then items. Items
  /// without training interactions have zeros. There must be a layer.
  /// @param initial The embeddings before propagation, of this epoch or an earlier one.
  embedding_rows fold_in_rows(const embedding_rows& initial);

  /// Gives back the memory that only steps need: there must be no more of them.
  void end_steps();

  std::uint64_t epochs() const noexcept { return epochs_; }
  std::uint64_t steps() const noexcept { return steps_; } ///< Of Adam, since its moments began.

  /// Adam's moments of the embeddings before propagation.
  const embedding_rows& first_moments() const noexcept { return first_; }
  const embedding_rows& second_moments() const noexcept { return second_; }

  /// The state that training resumes from.
  struct state {
    aligned_floats embeddings, first, second;
    std::uint64_t epochs = 0;
    std::uint64_t steps = 0;
  };
  state save() const;
  void restore(state saved);

  /// Goes on from embeddings before propagation, with nothing left of the steps so far.
  void go_on_from(const embedding_rows& initial);

private:
  struct triple {
    std::uint32_t user, positive; ///< Nodes of the graph.
    std::uint32_t negative;       ///< For BPR; else `positive` again.
  };

  void start_from_random(double deviation);
  void start_from_singular_vectors();
  void sample(std::size_t count);
  bool has_taken(std::uint32_t user, std::uint32_t item) const;
  std::uint32_t draw_negative(std::uint32_t user); ///< An item that the user did not take.
  double step();
  void mark_batch();
  void propagate_batch(const graph_propagation::source& inner);
  row_precision precision() const noexcept {
    return *options_.short_rows ? row_precision::half : row_precision::single;
  }
  double add_gradients();
  double add_bpr_gradients();
  void update(const graph_propagation::source& inner);

  const item_lists& train_;
  lightgcn_options options_;
  thread_team& team_;
  interaction_graph graph_;
  graph_propagation propagation_;
  std::vector<std::uint32_t> active_users_; ///< Users with a training item and an item not taken.
  /// For BPR: the items of active users who took most of the catalogue, ascending.
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> most_taken_;
  random_source random_;

  embedding_rows embeddings_, first_, second_; ///< Parameters and Adam's moments.
  embedding_rows output_, gradient_;           ///< Valid in the batch's rows; elsewhere the gradient is 0.
  std::vector<triple> batch_;
  std::vector<std::uint32_t> touched_;     ///< The nodes of the batch, each once.
  std::vector<std::uint32_t> occurrences_; ///< Occurrences of each node in the batch.
  std::vector<unsigned char> in_batch_;
  in_batch_softmax softmax_;
  std::vector<in_batch_softmax::pair> pairs_; ///< Of the batch, for the softmax.
  std::uint64_t epochs_ = 0;
  std::uint64_t steps_ = 0;
  double rate_ = 1; ///< Part of the learning rate.
};

} // namespace winnow
