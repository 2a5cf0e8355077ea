#pragma once

#include "models/model_set.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"

namespace winnow {

/// Weights of `model.json` that say how the sources of candidates and DIN share in an order. They are chosen
/// among a few values by the NDCG@10 of the validation items. Equal values: the smallest.
/// @param models With transitions; users and items of `train` and `valid` are its rows.
/// @return The weights that `models` has if there are no validation items.
double fit_transition_weight(const model_set& models, const item_lists& train, const item_lists& valid,
                             thread_team& team);

/// @param models With DIN, too. @return An error if DIN cannot score.
result<din_order_weights> fit_din_order(const model_set& models, const item_lists& train,
                                        const item_lists& valid, thread_team& team);

} // namespace winnow
