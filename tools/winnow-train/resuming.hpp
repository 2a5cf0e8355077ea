#pragma once

#include "tools/winnow-train/stage_context.hpp"

namespace winnow {

/// Called before the first stage of a run with `--resume`: says so if there is nothing to resume.
/// @return `invalid_argument`, which says what differs, if a kept state belongs to other settings or data.
/// The
///   states stay as they are.
result<void> check_states(stage_context& run);

/// What identifies DIN's run, but for the embeddings that it builds on: see `stage_context::run_of`.
nlohmann::ordered_json run_of_din(const stage_context& run);

/// Removes DIN's state if it is of this run, but of other embeddings: LightGCN was given more epochs
/// meanwhile. @param with_embeddings What identifies DIN's run, with the member `embeddings`.
void drop_state_of_other_embeddings(stage_context& run, const nlohmann::ordered_json& with_embeddings);

} // namespace winnow
