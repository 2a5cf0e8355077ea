#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace winnow {

/// How a stage is run.
struct stage_settings {
  std::string name; ///< candidate_generator, din_ranker or ranknet_ranker.
  std::size_t workers = 1;
  std::size_t capacity = 1024;                   ///< Tasks that may wait; beyond, they are refused.
  std::size_t max_batch = 32;                    ///< Tasks that a worker takes at once.
  std::chrono::milliseconds stuck_after{10'000}; ///< A worker silent for longer is given up and replaced.
  std::chrono::milliseconds revive_after{100};   ///< Pause before a dead worker is replaced.
};

/// Spawns and monitors one more worker of the stage.
using worker_factory = std::function<stage_worker_actor(caf::scheduled_actor* parent)>;

/// The queue and the workers of one stage. Tasks wait here, outside of any mailbox, so that the queue can be
/// bounded and read; idle workers take what waits, up to a maximum. What a dying worker had in hand is
/// answered as failed.
struct stage_dispatcher_state {
  static inline const char* name = "stage_dispatcher";

  using promise = caf::typed_response_promise<stage_reply>;

  struct waiting_task {
    stage_task_ptr task;
    promise answer;
  };

  stage_dispatcher_state(stage_actor::pointer owner);
  ~stage_dispatcher_state();

  void start(stage_settings stage, std::shared_ptr<metrics> meters, worker_factory factory);
  caf::result<stage_reply> accept(const stage_task_ptr& task);
  void worker_died(const caf::actor_addr& address);
  void revive();

private:
  void hire();
  void dispatch();
  std::vector<waiting_task> take_batch();
  void hand_over(const stage_worker_actor& worker, std::vector<waiting_task> batch);
  void refuse(waiting_task& waiting, fault cause, const std::string& message);

  stage_actor::pointer self_;
  stage_settings stage_;
  std::shared_ptr<metrics> metrics_;
  worker_factory factory_;
  std::vector<stage_worker_actor> idle_;
  std::deque<waiting_task> interactive_;
  std::deque<waiting_task> background_;
};

stage_actor::behavior_type stage_dispatcher(stage_actor::stateful_pointer<stage_dispatcher_state> self,
                                            stage_settings stage, std::shared_ptr<metrics> meters,
                                            worker_factory factory);

} // namespace winnow
