#pragma once

#include "actors/stage_job.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <functional>
#include <vector>

namespace winnow {

/// Spawns one more worker of the stage; neither linked nor monitored, as the dispatcher looks after it.
using worker_factory = std::function<stage_worker_actor(caf::scheduled_actor* parent)>;

/// The queue and the workers of one stage. Tasks wait here, outside of any mailbox, so that the queue can be
/// bounded and read; idle workers take what waits, up to a maximum. What a dying worker had in hand is
/// answered as failed; so is everything when the dispatcher itself stops, and the workers stop with it.
struct stage_dispatcher_state {
  static inline const char* name = "stage_dispatcher";

  explicit stage_dispatcher_state(stage_actor::pointer owner);
  ~stage_dispatcher_state();

  void start(stage_parts parts, worker_factory factory);
  caf::result<stage_reply> accept(const stage_task_ptr& task);
  void worker_died(const caf::down_msg& down);
  void hire();

private:
  std::size_t waiting() const { return interactive_.size() + background_.size(); }
  void dispatch();
  std::vector<stage_job> take_batch();
  void hand_over(const stage_worker_actor& worker, std::vector<stage_job> batch);
  void take_replies(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                    const stage_replies& replies);
  void take_failure(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                    const caf::error& reason);
  void dismiss(const caf::actor_addr& address);

  stage_actor::pointer self_;
  std::shared_ptr<const stage_parts> parts_;
  worker_factory factory_;
  std::vector<stage_worker_actor> workers_; ///< All that are alive.
  std::vector<stage_worker_actor> idle_;    ///< Those of them without work.
  std::deque<stage_job> interactive_;
  std::deque<stage_job> background_;
};

stage_actor::behavior_type stage_dispatcher(stage_actor::stateful_pointer<stage_dispatcher_state> self,
                                            stage_settings stage, std::shared_ptr<metrics> meters,
                                            worker_factory factory);

} // namespace winnow
