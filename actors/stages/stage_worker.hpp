#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/stage_messages.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/status/actor_record.hpp"
#include "models/cascade.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>

namespace winnow {

/// The buffers of a stage worker. They grow once and are reused for every batch.
struct stage_worker_state {
  cascade_scratch work;
};

/// Runs a stage's model on tasks that share one model version and one `keep`.
using stage_function = std::function<std::vector<result<ranked_list>>(
    const model_set& models, gsl::span<const ranking_task> tasks, std::size_t keep, cascade_scratch& work)>;

/// What a stage worker works with besides its buffers.
struct stage_worker_parts {
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<fault_injection> faults = {}; ///< Null if fault injection is not allowed.
};

/// Runs `function` on a batch, once for all tasks with the same model version and `keep`. Records the
/// duration under the stage's name. Returns the replies in task order.
stage_replies run_stage(std::string_view name, const stage_worker_parts& parts,
                        const stage_function& function, const std::vector<stage_task_ptr>& batch,
                        cascade_scratch& work);

} // namespace winnow
