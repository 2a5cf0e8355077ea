#pragma once

#include "models/model_set.hpp"
#include "models/training/event_order.hpp"
#include "models/training/interactions/interaction_split.hpp"
#include "tools/winnow-train/train_options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// The data to train on, and its origin.
struct training_data {
  interaction_split split;
  std::optional<event_order> order; ///< If the interactions have real times.
  std::string source;               ///< The file or folder.
  std::string items;                ///< File with item metadata; empty: none.
  std::string digest;               ///< Digest of the interactions as read: ids, pairs, and split.
  /// How items are held back, as named in model.json: `leave_one_out`, `ratio:…`, `given` or `none`.
  std::string how;
  std::vector<std::string> notes; ///< Messages for the user about the input.
  bool compares_l2 = true;        ///< Whether the validation items may choose LightGCN's L2.
};

/// Reads and splits the interactions. If there are no validation items, holds some back: each user's last
/// training item if rankers are to be trained, otherwise one of each of some users, unless the number of
/// epochs is given.
result<training_data> read_training_data(const train_options& options);

/// One of the split's lists by the users and items of a model set, without those that the models lack.
item_lists align(const interaction_split& split, const item_lists& lists, const model_set& models);

/// All items of each user, also those that are held back, by the users and items of a model set.
item_lists whole_histories(const interaction_split& split, const model_set& models);

/// The order by the users and items of a model set, without those that the models lack.
event_order align(const interaction_split& split, const event_order& order, const model_set& models);

} // namespace winnow
