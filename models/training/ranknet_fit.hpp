#pragma once

#include "models/model_set.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/networks/ranknet_network.hpp"
#include "models/training/training_observer.hpp"

#include <optional>

namespace winnow {

struct ranknet_fit_options {
  ranknet_shape shape; ///< Its widths are set from the models.
  std::size_t epochs = 20;
  std::size_t batch = 64;          ///< Users a step.
  std::size_t negatives = 20;      ///< Of each user: drawn from what DIN kept of his candidates.
  std::size_t most_users = 50'000; ///< Learned from; more do not pay for their time.
  adam_options adam{1e-3, 1e-2};   ///< The learning rate falls along a cosine to 0.
  std::uint64_t seed = 2020;
};

struct ranknet_result {
  std::vector<named_tensor> tensors;
  std::size_t users =
      0; ///< Whose validation item DIN had kept: those that there was something to learn from.
};

/// Trains RankNet on top of the other two: to put each user's validation item before what else the cascade
/// gave it. The stages before have not seen that item, so what they say of it is what they will say of the
/// next one.
/// @param models With DIN, its item columns and stage features.
/// @param train, valid Users and items are rows of `models`.
/// @return None if the observer stopped it; `malformed` if there is no user to learn from.
result<std::optional<ranknet_result>> fit_ranknet(const model_set& models, const item_lists& train,
                                                  const item_lists& valid, std::size_t embedding_columns,
                                                  const ranknet_fit_options& options, thread_team& team,
                                                  training_observer& observer);

} // namespace winnow
