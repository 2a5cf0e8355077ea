#pragma once

#include "models/model_set.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/networks/din_network.hpp"
#include "models/training/state_keeper.hpp"
#include "models/training/training_observer.hpp"

#include <optional>

namespace winnow {

struct din_fit_options {
  din_shape shape;
  std::size_t epochs = 6;
  std::size_t batch = 256;          ///< Groups a step.
  std::size_t random_negatives = 4; ///< Of each group: drawn from the whole catalogue …
  std::size_t hard_negatives =
      1; ///< … and from the user's candidates, which is what DIN will be asked about.
  std::size_t candidates = 200;          ///< How many of those there are.
  std::size_t users_with_hard = 200'000; ///< At most so many users get hard negatives: each takes memory.
  adam_options adam{1e-3, 1e-4};         ///< The learning rate falls along a cosine to 0.
  std::uint64_t seed = 2020;
};

struct din_result {
  std::vector<named_tensor> tensors; ///< Of the checkpoint, for features [columns of `models`, id vectors].
  std::vector<float> id_vectors;     ///< items × id width, row-major.
};

/// Trains DIN on each user's training sequence: what he took next, against what he did not, given what he had
/// before. Nothing later than an event is ever in its history.
/// @param models Candidate generation and the item columns that DIN takes in (`din_features`).
/// @param train Each user's items in the order of time; users and items are rows of `models`.
/// @param embedding_columns How many of the first columns are LightGCN's.
/// @return None if the observer stopped it.
result<std::optional<din_result>> fit_din(const model_set& models, const item_lists& train,
                                          std::size_t embedding_columns, const din_fit_options& options,
                                          thread_team& team, training_observer& observer,
                                          state_keeper& keeper);

} // namespace winnow
