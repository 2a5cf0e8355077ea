#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/health_board.hpp"
#include "actors/supervision/supervision_tree.hpp"

#include <caf/typed_response_promise.hpp>
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
  std::chrono::milliseconds max_queue_age{100};
  std::chrono::milliseconds stuck_after{3000}; ///< A worker silent for longer is given up and replaced.
  restart_policy workers_die = {};             ///< Exceeded: the stage is down for a pause.
  /// Whether it pays to have several workers work on a task, where processors have nothing else to do.
  std::function<bool(const stage_task&)> can_be_shared = [](const stage_task&) { return false; };
};

/// What a stage's jobs share; a job may outlive the dispatcher's state.
struct stage_parts {
  stage_settings how;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();        ///< The dispatcher's own.
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>(); ///< Where the workers are entered.
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  /// How many processors have nothing to do: so many workers may help with a task that comes alone.
  std::function<std::size_t()> idle_processors = [] { return std::size_t{0}; };
};

/// Publishes that a stage failed too often and pauses: its own actor, or its workers. It is up again with the
/// dispatcher's next start or try.
void take_stage_down(const std::string& stage, actor_record& record, health_board& health,
                     const restart_history::verdict& verdict, const std::string& reason);

/// A task and whom to answer. Answers exactly once, at the latest when it is destroyed: a promise that is
/// dropped is silence until the asker's time-out. Runs on the dispatcher's thread alone.
class stage_job {
public:
  using promise = caf::typed_response_promise<stage_reply>;

  stage_job(std::shared_ptr<const stage_parts> parts, stage_task_ptr task, promise answer)
      : parts_(std::move(parts)), task_(std::move(task)), promise_(std::move(answer)) {}
  ~stage_job();
  stage_job(stage_job&&) noexcept = default; ///< Leaves the other without a task, as if it were answered.
  stage_job& operator=(stage_job&&) = delete;

  const stage_task_ptr& task() const { return task_; }
  steady_clock::time_point accepted() const { return accepted_; }

  void answer(const stage_reply& reply);
  void refuse(fault cause, const std::string& message);

private:
  std::shared_ptr<const stage_parts> parts_;
  stage_task_ptr task_; ///< Null: answered.
  promise promise_;
  steady_clock::time_point accepted_ = steady_clock::now();
};

} // namespace winnow
