#pragma once

#include "models/model_set.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/networks/din_network.hpp"
#include "models/training/state_keeper.hpp"
#include "models/training/support/time_limit.hpp"
#include "models/training/training_observer.hpp"

#include <memory>
#include <optional>

namespace winnow {

/// What DIN continues from, and which events it learns from then.
struct din_start {
  start_weights weights;
  std::vector<float> id_vectors; ///< items × id width, by the items of the models.
  /// By user of the models: the position of the first item that the earlier training did not count.
  std::vector<std::size_t> first_new;
  double old_share = 0.05; ///< Of all events: how many are repeated beside the new ones, at least as many.
};

struct din_fit_options {
  /// Null: random weights and all events.
  std::shared_ptr<const din_start> start;
  din_shape shape;
  std::size_t epochs = 6;
  time_limit limit;                 ///< Reduces the epochs to those that fit, at least one.
  std::size_t batch = 256;          ///< Groups per step.
  std::size_t random_negatives = 4; ///< Per group, drawn from the whole catalogue.
  /// Per group, drawn from the user's candidates: the items that DIN ranks when serving.
  std::size_t hard_negatives = 1;
  std::size_t candidates = 200; ///< Candidates per user.
  /// Maximum number of users with hard negatives, because the candidates of each take memory.
  std::size_t users_with_hard = 200'000;
  adam_options adam{1e-3, 1e-4}; ///< The learning rate falls along a cosine to 0.
  std::uint64_t seed = 2020;
};

struct din_result {
  std::vector<named_tensor> tensors; ///< The checkpoint, for features [columns of `models`, id vectors].
  std::vector<float> id_vectors;     ///< items × id width, row-major.
  std::size_t epochs = 0;            ///< Epochs trained, which a limit may have reduced.
};

/// Trains DIN on each user's training sequence: to rank the item taken next above items not taken, given the
/// items taken before. The history of an event never contains later items.
/// @param models Generates candidates and has DIN's item columns (`din_features`).
/// @param train Each user's items in time order; users and items are rows of `models`.
/// @param embedding_columns Number of leading columns that are LightGCN's.
/// @return nullopt if the observer stopped training; `unsupported` if the weights to start from do not fit.
result<std::optional<din_result>> fit_din(const model_set& models, const item_lists& train,
                                          std::size_t embedding_columns, const din_fit_options& options,
                                          thread_team& team, training_observer& observer,
                                          state_keeper& keeper);

} // namespace winnow
