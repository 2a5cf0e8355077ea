#pragma once

#include "models/model_set.hpp"
#include "models/training/event_order.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace winnow {

/// One user's candidates as RankNet sees them, and which of them the user took.
struct ranknet_example {
  std::uint32_t row = 0;             ///< The user's.
  std::vector<std::uint32_t> items;  ///< In DIN's order.
  std::vector<float> stage_features; ///< One row per item.
  std::vector<float> user;           ///< Mean item columns of the history.
  std::size_t taken = 0;             ///< Position in `items`.
};

/// Collects one example for each user whose validation item is among the candidates that reach RankNet. Of
/// several such items, the first in DIN's order is the taken one; the user took the others, too, so they are
/// left out.
/// @param order The training interactions by rows of `models`, if their times are known. Then
///   `stage_feature::popularity_trend` is as it was when each user took the validation item: the items of
///   that time are recent in it, as today's are when serving.
/// @param most_users If there are more users, only the first of them are used.
result<std::vector<ranknet_example>> ranknet_examples(const model_set& models, const item_lists& train,
                                                      const item_lists& valid,
                                                      const std::optional<event_order>& order,
                                                      std::size_t most_users, thread_team& team);

} // namespace winnow
