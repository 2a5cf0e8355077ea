#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "models/training/lightgcn_trainer.hpp"
#include "models/training/state_keeper.hpp"
#include "models/training/training_observer.hpp"

#include <functional>
#include <optional>

namespace winnow {

struct lightgcn_fit_options {
  lightgcn_options model;
  std::size_t epochs = 1000;      ///< At most.
  std::size_t measure_every = 20; ///< Epochs between two looks at the validation items.
  std::size_t patience = 4;       ///< Looks without a better one before training ends.
  std::size_t recall_at = 100;    ///< The list length that is looked at: what candidate generation keeps.
};

struct lightgcn_result {
  embedding_rows initial;    ///< Before propagation: users first, then items.
  embedding_rows propagated; ///< What serving uses.
  std::size_t epochs = 0;    ///< Trained.
  std::size_t best_epoch = 0;
  double best_recall = 0; ///< Of the validation items at `recall_at`; 0 where there are none.
};

/// Trains until the epochs are over, or, where there are validation items, until their recall does not rise
/// any more; the embeddings are then those of the best look.
/// @param measure Called at each look with the propagated embeddings, for curves; may be empty.
/// @return None if the observer stopped it.
result<std::optional<lightgcn_result>>
fit_lightgcn(const interaction_split& data, const lightgcn_fit_options& options, thread_team& team,
             training_observer& observer, state_keeper& keeper,
             const std::function<std::string(const embedding_rows&)>& measure = {});

/// What lists of `k` items are worth: means over the users with a wanted item.
struct list_measure {
  double recall = 0; ///< Hits over wanted items.
  double ndcg = 0;   ///< The ideal is a list that begins with the wanted items.
};

/// All items are ranked by inner product, but those that `masked` names.
/// @param embeddings Users first, then items.
list_measure measure_lists(const embedding_rows& embeddings, const item_lists& wanted,
                           const std::vector<const item_lists*>& masked, std::size_t k, thread_team& team);

} // namespace winnow
