#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/status/actor_record.hpp"
#include "models/cascade.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>

namespace winnow {

/// What a stage worker owns: its buffers, which grow once and are then used again for every batch.
struct stage_worker_state {
  cascade_scratch work;
};

/// Runs a stage's model on tasks that share one model version and width.
using stage_function = std::function<std::vector<result<ranked_list>>(
    const model_set& models, gsl::span<const ranking_task> tasks, std::size_t keep, cascade_scratch& work)>;

/// Who runs a stage, for its metrics and its record.
struct stage_worker_parts {
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<fault_injection> faults = {}; ///< Null: nothing goes wrong on purpose.
};

/// Runs `function` on a batch, once for each run of tasks with the same model version and width, and records
/// how long it took under the stage's name. Replies in the order of the tasks.
stage_replies run_stage(std::string_view name, const stage_worker_parts& parts,
                        const stage_function& function, const std::vector<stage_task_ptr>& batch,
                        cascade_scratch& work);

} // namespace winnow
