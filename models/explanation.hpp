#pragma once

#include "models/cascade.hpp"

namespace winnow {

/// Why an item is recommended: the history item with the highest attention weight of DIN for it.
struct attention_peak {
  std::size_t position = 0; ///< In the user's history; the last one if the item occurs repeatedly.
  float weight = 0;         ///< In (0, 1]; the sum if a known item occurs repeatedly.
};

/// Finds the attention peak of each item, whether or not DIN took part in recommending it.
/// @param models Must have DIN.
/// @return One peak per item. Empty if there is no history or if a weight is not a number, which only model
///   weights near a float's limits can cause.
std::vector<attention_peak> explain(const model_set& models, const user_context& user,
                                    gsl::span<const std::uint32_t> items, din_model::scratch& work);

} // namespace winnow
