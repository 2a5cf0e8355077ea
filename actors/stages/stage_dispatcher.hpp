#pragma once

#include "actors/runtime/deadline_watch.hpp"
#include "actors/stages/stage_queue.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Spawns one more worker of the stage, which keeps this record; neither linked nor monitored, as the
/// dispatcher looks after it.
using worker_factory =
    std::function<stage_worker_actor(caf::scheduled_actor* parent, const actor_record_ptr& record)>;

/// The queue and the workers of one stage. Tasks wait here, outside of any mailbox, so that the queue can be
/// bounded and read; idle workers take what waits, up to a maximum. Where a task comes alone, idle
/// processors' workers help with it, if the stage's tasks can be shared. What a dying worker had in hand is
/// answered as failed; so is everything when the dispatcher itself stops, and the workers stop with it. How
/// many workers there are can be changed at any time.
///
/// Workers that die or hang too often take the stage down: it refuses everything for a pause, then tries
/// again, and pauses for longer should that fail.
struct stage_dispatcher_state {
  static inline const char* name = "stage_dispatcher";

  explicit stage_dispatcher_state(stage_actor::pointer owner);
  ~stage_dispatcher_state();

  void start(stage_parts parts, worker_factory factory);
  caf::result<stage_reply> accept(const stage_task_ptr& task);
  void flush();
  void worker_died(const caf::down_msg& down);
  void revive();
  count_reply scale(std::uint64_t workers);
  actor_status_ptr status() const;

  std::shared_ptr<deadline_watch<stage_actor>> watch_;

private:
  /// A worker and its place in the tree.
  struct crew_member {
    stage_worker_actor actor;
    actor_record_ptr record;
  };

  void publish_queue();
  void lost_worker(const std::string& reason);
  void go_down(const restart_history::verdict& verdict, const std::string& reason);
  void come_back();
  void hire();
  void retire(const caf::actor_addr& leaving);
  void dispatch();
  void hand_over_alone(const stage_worker_actor& worker, std::vector<stage_job> batch);
  void hand_over(const stage_worker_actor& worker, std::vector<stage_job> batch,
                 const std::shared_ptr<shared_retrieval>& shared);
  void learn_batch_time(std::chrono::nanoseconds took);
  void take_replies(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                    const stage_replies& replies);
  void take_failure(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                    const caf::error& reason);
  actor_record_ptr dismiss(const caf::actor_addr& address);

  stage_actor::pointer self_;
  std::shared_ptr<const stage_parts> parts_;
  std::optional<stage_queue> queue_;
  worker_factory factory_;
  std::size_t in_hand_ = 0;               ///< Tasks that the workers have.
  std::size_t wanted_ = 0;                ///< How many workers there shall be.
  std::uint64_t last_number_ = 0;         ///< Of the worker hired last.
  std::vector<crew_member> workers_;      ///< All that are alive.
  std::vector<stage_worker_actor> idle_;  ///< Those of them without work.
  std::vector<actor_record_ptr> vacant_;  ///< The places of the dead, until somebody takes them over.
  std::vector<crew_member> given_up_;     ///< Those that hang: replaced, but not gone yet.
  std::chrono::nanoseconds batch_time_{}; ///< What a batch takes, smoothed.
  std::optional<restart_history> deaths_; ///< Of the workers.
  bool flush_sent_ = false;
  std::size_t pauses_ = 0;   ///< Revivals that are under way.
  std::string down_because_; ///< Empty: the stage is up.
};

stage_actor::behavior_type stage_dispatcher(stage_actor::stateful_pointer<stage_dispatcher_state> self,
                                            stage_parts parts, worker_factory factory);

} // namespace winnow
