#pragma once

#include "actors/stages/stage_worker.hpp"

namespace winnow {

struct candidate_generator_state : stage_worker_state {
  static inline const char* name = "candidate_generator"; ///< Shown in logs and metrics.
};

/// Whether it pays to have others help with a task that comes alone: where the whole of a large table is read
/// for it.
bool can_be_shared(const stage_task& task);

/// Generates candidates with LightGCN for a batch of users: the catalogue is streamed once for all of them.
/// @note Takes milliseconds on a large catalogue. Runs on the scheduler, which has a thread a processor:
/// threads of its own would only take turns with those.
stage_worker_actor::behavior_type
candidate_generator(stage_worker_actor::stateful_pointer<candidate_generator_state> self,
                    const stage_worker_parts& parts);

} // namespace winnow
