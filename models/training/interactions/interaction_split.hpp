#pragma once

#include "models/training/interactions/interactions.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// Interactions split for training and evaluation. `train` is in time order, oldest first. A model that is
/// measured on `test` has never seen those items; `valid` may choose hyper-parameters and train the stages
/// that build on earlier ones.
struct interaction_split {
  id_table users;
  id_table items;
  item_lists train;
  item_lists valid;       ///< May be empty for a user, or for all.
  item_lists test;        ///< May be empty for a user, or for all.
  bool has_times = false; ///< Whether the lists are in time order.

  /// The items of a user before `test`, oldest first: the history when test items are recommended.
  std::vector<std::uint32_t> known_before_test(std::size_t user) const;
};

/// Each user's last item becomes the test item, the one before it the validation item. Users with fewer than
/// three items keep all of them in training.
interaction_split leave_one_out(interaction_log log);

/// Holds back the last `valid` and `test` shares (0 to 1) of each user's items in time order, rounded down.
/// If the log has no times, draws them at random with `seed`.
interaction_split ratio_split(const interaction_log& log, double valid, double test, std::uint64_t seed);

} // namespace winnow
