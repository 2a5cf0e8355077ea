#include "actors/stages/din_ranker.hpp"

#include "actors/runtime/crash_reason.hpp"

namespace winnow {

stage_worker_actor::behavior_type din_ranker(stage_worker_actor::stateful_pointer<din_ranker_state> self,
                                             const stage_worker_parts& parts) {
  self->set_exception_handler(crash_reason);
  return {[self, parts](rank_atom, const stage_batch& batch) {
            return run_stage(self->state.name, parts, rank_by_din, batch->tasks, self->state.work);
          },
          [parts](status_atom) { return status_of(*parts.record); }};
}

} // namespace winnow
