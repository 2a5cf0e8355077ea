#pragma once

#include "actors/runtime/burst_signal.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "actors/stages/stage_crew.hpp"
#include "actors/stages/stage_queue.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <optional>
#include <vector>

namespace winnow {

/// Queues one stage's tasks and hands them to its workers in batches of bounded size. Tasks wait here, not in
/// a mailbox, so the queue can be bounded and inspected. If a task arrives alone and can be shared, the
/// workers of idle processors help with it. Searches for similar items occupy at most one worker, so that
/// they do not hold up recommendations. If a worker dies, its tasks are answered with an error. If the
/// dispatcher stops, it answers all tasks with an error and its workers stop as well.
///
/// The crew hires and replaces the workers. While the stage is down, all tasks are refused.
struct stage_dispatcher_state {
  static inline const char* name = "stage_dispatcher";

  explicit stage_dispatcher_state(stage_dispatcher_self::pointer owner);
  ~stage_dispatcher_state();

  void start(stage_parts parts, worker_factory factory);
  caf::result<stage_reply> accept(const stage_task_ptr& task);
  void flush();
  count_reply scale(std::uint64_t workers);
  actor_status_ptr status() const;

  std::shared_ptr<deadline_watch<stage_dispatcher_self>> watch_;
  std::optional<stage_crew> crew_;

private:
  void publish_queue();
  void refuse_waiting(const std::string& reason);
  void dispatch();
  void hand_over_alone(std::vector<stage_job> batch);
  void hand_over(std::vector<stage_job> batch, const std::shared_ptr<shared_retrieval>& shared);
  void learn_batch_time(std::chrono::nanoseconds took);
  void take_replies(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                    const stage_replies& replies);
  void take_failure(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                    const caf::error& reason);

  stage_dispatcher_self::pointer self_;
  burst_signal<stage_dispatcher_self, flush_atom> flush_;
  std::shared_ptr<const stage_parts> parts_;
  std::optional<stage_queue> queue_;
  std::size_t in_hand_ = 0;               ///< Tasks handed to workers.
  std::size_t searches_in_hand_ = 0;      ///< Batches of searches for similar items among them.
  std::chrono::nanoseconds batch_time_{}; ///< Smoothed duration of a batch.
};

stage_dispatcher_self::behavior_type
stage_dispatcher(stage_dispatcher_self::stateful_pointer<stage_dispatcher_state> self, stage_parts parts,
                 worker_factory factory);

} // namespace winnow
