#pragma once

#include "models/model_set.hpp"
#include "models/training/event_order.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/networks/ranknet_network.hpp"
#include "models/training/support/time_limit.hpp"
#include "models/training/training_observer.hpp"

#include <memory>
#include <optional>

namespace winnow {

/// What RankNet continues from.
struct ranknet_start {
  start_weights weights; ///< All columns, also if the network is to use the stage features alone.
  bool uses_columns = true;
};

struct ranknet_fit_options {
  /// Null: random weights. Else nothing is cross-validated: the item columns are used as they were.
  std::shared_ptr<const ranknet_start> start;
  ranknet_shape shape; ///< Its `user_width` and `feature_width` are set from the models.
  std::size_t epochs = 20;
  time_limit limit;       ///< Reduces the epochs to those that fit, but see `least_steps`.
  std::size_t batch = 64; ///< Users per step.
  /// The time limit never cuts the training below this many steps. These take a second or two; after fewer,
  /// a network orders lists worse than DIN does.
  std::size_t least_steps = 100;
  std::size_t negatives =
      100; ///< Per user: all candidates that DIN kept, or drawn from them if there are more.
  std::size_t max_users = 50'000; ///< Maximum number of training users; more are not worth their time.
  /// With at most this number of training users, cross-validation decides whether the items' columns are
  /// used. With more they are: there is enough to learn from. Neither holds where the interactions have
  /// times.
  std::size_t most_cross_validated = 8'000;
  adam_options adam{1e-3, 1e-2}; ///< The learning rate falls along a cosine to 0.
  std::uint64_t seed = 2020;
};

struct ranknet_result {
  std::vector<named_tensor> tensors;
  std::size_t users = 0;    ///< Number of training users: those whose validation item DIN kept.
  bool uses_columns = true; ///< False: the network sees the stage features alone.
  std::size_t epochs = 0;   ///< Epochs trained, which a limit may have reduced.
};

/// Trains RankNet on top of LightGCN and DIN: to rank each user's validation item above the other candidates
/// that reach it. The earlier stages have not seen that item, so they score it as they will score unseen
/// items when serving.
/// @param models Has DIN, RankNet's item columns and the stage features.
/// @param train, valid Users and items are rows of `models`.
///
/// Where times are known, the network sees the stage features alone, without the items' columns: every
/// validation item is its user's last, and columns would teach the network which items are taken last, of a
/// basket or of a season. Cross-validation among last items cannot see that; a replay of all events does.
/// @param order The training interactions by rows of `models`, if their times are known. Then the recent
/// counts are those before each user's validation item: what counted as recent when the user took it.
/// @return nullopt if the observer stopped training; `malformed` if there is no user to train on;
///   `unsupported` if the weights to start from do not fit.
result<std::optional<ranknet_result>>
fit_ranknet(const model_set& models, const item_lists& train, const item_lists& valid,
            const std::optional<event_order>& order, std::size_t embedding_columns,
            const ranknet_fit_options& options, thread_team& team, training_observer& observer);

} // namespace winnow
