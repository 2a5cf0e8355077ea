#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/runtime/restart_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"

#include <functional>
#include <string>

namespace winnow {

/// How a stage is run.
struct stage_settings {
  std::string name; ///< candidate_generator, din_ranker or ranknet_ranker.
  std::size_t workers = 1;
  std::size_t capacity = 1024; ///< Tasks that may wait; beyond, they are refused.
  std::size_t max_batch = 32;  ///< Tasks that a worker takes at once.
  /// Once the oldest interactive task has waited for longer, further ones are refused: whoever comes last
  /// learns it at once. Never less than what a worker takes for two batches.
  std::chrono::milliseconds max_task_wait = pipeline_settings{}.max_queue_age;
  /// A worker silent for longer is stuck, and replaced.
  std::chrono::milliseconds stuck_after = admin_settings{}.stuck_after;
  restart_policy worker_restarts = {}; ///< If it is exhausted, the stage is down for a pause.
  /// Whether it pays to have several workers work on a task, where processors have nothing else to do.
  std::function<bool(const stage_task&)> can_be_shared = [](const stage_task&) { return false; };
};

/// What a stage's jobs share; a job may outlive the dispatcher's state.
struct stage_parts {
  stage_settings settings;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();        ///< The dispatcher's own.
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>(); ///< Where the workers are entered.
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  /// How many processors have nothing to do: so many workers may help with a task that comes alone.
  std::function<std::size_t()> idle_processors = [] { return std::size_t{0}; };
};

} // namespace winnow
