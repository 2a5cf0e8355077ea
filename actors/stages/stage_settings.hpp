#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/runtime/restart_history.hpp"
#include "actors/stage_messages.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"

#include <functional>
#include <string>

namespace winnow {

/// The settings of one stage.
struct stage_settings {
  std::string name; ///< candidate_generator, din_ranker or ranknet_ranker.
  std::size_t workers = 1;
  std::size_t capacity = 1024; ///< How many tasks may wait; more are refused.
  std::size_t max_batch = 32;  ///< How many tasks a worker takes at once.
  /// Once the oldest interactive task has waited longer than this, new ones are refused at once instead of
  /// joining a queue that is too long. The limit is at least the duration of two batches.
  std::chrono::milliseconds max_task_wait = pipeline_settings{}.max_queue_age;
  /// A worker that does not answer for this long is stuck and is replaced.
  std::chrono::milliseconds stuck_after = admin_settings{}.stuck_after;
  restart_policy worker_restarts = {}; ///< If exhausted, the stage is down for a pause.
  /// Whether several workers on idle processors finish a task faster than one.
  std::function<bool(const stage_task&)> can_be_shared = [](const stage_task&) { return false; };
};

/// What a stage's jobs share. Jobs may outlive the dispatcher's state.
struct stage_parts {
  stage_settings settings;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();        ///< The dispatcher's.
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>(); ///< The crew adds the workers here.
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  /// Number of idle processors, which limits how many workers help with a task that arrives alone.
  std::function<std::size_t()> idle_processors = [] { return std::size_t{0}; };
};

} // namespace winnow
