#pragma once

#include "actors/stages/stage_worker.hpp"

namespace winnow {

struct ranknet_ranker_state : stage_worker_state {
  static inline const char* name = "ranknet_ranker"; ///< Shown in logs and metrics.
};

/// Orders each request's candidates with the RankNet of the request's own model set.
/// @note Takes a fraction of a millisecond per request. Runs on the scheduler, like the candidate generator.
stage_worker_actor::behavior_type
ranknet_ranker(stage_worker_actor::stateful_pointer<ranknet_ranker_state> self,
               const stage_worker_parts& parts);

} // namespace winnow
