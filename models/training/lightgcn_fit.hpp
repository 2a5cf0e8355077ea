#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "models/training/lightgcn_trainer.hpp"
#include "models/training/state_keeper.hpp"
#include "models/training/support/time_limit.hpp"
#include "models/training/training_observer.hpp"

#include <functional>
#include <optional>

namespace winnow {

struct lightgcn_fit_options {
  lightgcn_options model;
  std::size_t epochs = 100; ///< Maximum.
  /// Epochs between two validations; nullopt: 2, or 1 with `lightgcn_options::many_interactions`.
  std::optional<std::size_t> measure_every;
  /// Validations that have not gained half a percent together before training ends, see `lightgcn_course`.
  std::size_t patience = 4;
  /// Where there are validation items, fewer than `many_interactions`, and no value and no limit are given.
  bool compares_l2 = true;
  time_limit limit; ///< Ends training before an epoch that would not fit, but not before the first.
  std::size_t recall_at = 100; ///< List length of validation: the candidates that serving keeps.

  std::size_t look_every(const item_lists& train) const {
    return measure_every.value_or(train.size() < lightgcn_options::many_interactions ? 2 : 1);
  }
};

struct lightgcn_result {
  embedding_rows initial;    ///< Before propagation: users first, then items.
  embedding_rows propagated; ///< The embeddings for serving.
  std::size_t epochs = 0;    ///< Epochs trained.
  std::size_t best_epoch = 0;
  double best_recall = 0; ///< Validation recall at `recall_at`; 0 without validation items.
  embedding_rows fold_in; ///< `lightgcn_trainer::fold_in_rows`; empty without layers.
  double l2 = 0;          ///< That it was trained with.
};

/// Trains for `epochs` or until the limit, or, if there are validation items, until their recall stops
/// rising; its last epochs take smaller steps, from the best embeddings if the recall has fallen. Then
/// returns the embeddings of the best validation. If the options leave L2 open, a few epochs with several
/// values are compared by the validation items first, and the best run goes on. Embeddings that it starts
/// from are returned if nothing is better. At most 25,000 users are validated.
/// @param measure Called at each validation with the propagated embeddings, for learning curves; may be
/// empty.
/// @return nullopt if the observer stopped training.
result<std::optional<lightgcn_result>>
fit_lightgcn(const interaction_split& data, const lightgcn_fit_options& options, thread_team& team,
             training_observer& observer, state_keeper& keeper,
             const std::function<std::string(const embedding_rows&)>& measure = {});

} // namespace winnow
