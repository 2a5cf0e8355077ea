#pragma once

#include "actors/stages/stage_worker.hpp"

namespace winnow {

struct candidate_generator_state : stage_worker_state {
  static inline const char* name = "candidate_generator"; ///< Shown in logs and metrics.
};

/// Returns whether helpers speed up a task that arrives alone: they do if it reads the whole of a large
/// table.
bool can_be_shared(const stage_task& task);

/// Generates candidates with LightGCN for a batch of users. Reads the catalogue once for the whole batch.
/// @note Takes milliseconds on a large catalogue. Runs on the scheduler, which already runs one thread per
/// processor: threads of its own would only compete with those.
stage_worker_actor::behavior_type
candidate_generator(stage_worker_actor::stateful_pointer<candidate_generator_state> self,
                    const stage_worker_parts& parts);

} // namespace winnow
