#pragma once

#include "models/cascade.hpp"

namespace winnow {

/// Why an item is recommended: the item of the history that DIN's attention weighed most for it.
struct attention_peak {
  std::size_t position = 0; ///< In the user's history; of an item that stands there repeatedly, the last one.
  float weight = 0;         ///< (0, 1]; of a known item that stands there repeatedly, the sum.
};

/// The attention peak of each item, whether or not DIN took part in recommending it.
/// @param models DIN is among them.
/// @return One an item; none at all without a history, or where a weight is not a number, which only model
/// weights near a float's limits can cause.
std::vector<attention_peak> explain(const model_set& models, const user_context& user,
                                    gsl::span<const std::uint32_t> items, din_model::scratch& work);

} // namespace winnow
