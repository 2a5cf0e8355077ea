#include "actors/stage_dispatcher.hpp"

#include "actors/crash_reason.hpp"
#include "config/log.hpp"

#include <algorithm>

namespace winnow {

stage_dispatcher_state::stage_dispatcher_state(stage_actor::pointer owner) : self_(owner) {}

stage_dispatcher_state::~stage_dispatcher_state() {
  // Not by links: through one the crash of a worker would end the dispatcher with it.
  for (const auto& worker : workers_)
    caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
}

void stage_dispatcher_state::start(stage_parts parts, worker_factory factory) {
  parts_ = std::make_shared<const stage_parts>(std::move(parts));
  factory_ = std::move(factory);
  for (std::size_t i = 0; i < parts_->how.workers; ++i)
    hire();
}

void stage_dispatcher_state::hire() {
  const auto worker = factory_(self_);
  self_->monitor(worker);
  workers_.push_back(worker);
  idle_.push_back(worker);
  dispatch();
}

caf::result<stage_reply> stage_dispatcher_state::accept(const stage_task_ptr& task) {
  auto answer = self_->make_response_promise<stage_reply>();
  stage_job job(parts_, task, answer);
  if (waiting() >= parts_->how.capacity) {
    job.refuse(fault::overloaded, std::to_string(parts_->how.capacity) + " tasks are waiting already");
    return answer;
  }
  (task->priority == urgency::interactive ? interactive_ : background_).push_back(std::move(job));
  dispatch();
  return answer;
}

void stage_dispatcher_state::dispatch() {
  while (!idle_.empty()) {
    auto batch = take_batch();
    if (batch.empty())
      break;
    const auto worker = idle_.back();
    idle_.pop_back();
    hand_over(worker, std::move(batch));
  }
  parts_->meters->stage_queue(parts_->how.name, waiting());
}

/// What waits, interactive work first, shared out among the idle workers; what is past its deadline is
/// refused.
std::vector<stage_job> stage_dispatcher_state::take_batch() {
  const std::size_t share = (waiting() + idle_.size() - 1) / idle_.size();
  const std::size_t size = std::min(share, parts_->how.max_batch);
  const auto now = steady_clock::now();
  std::vector<stage_job> batch;
  for (auto* queue : {&interactive_, &background_})
    while (batch.size() < size && !queue->empty()) {
      stage_job next = std::move(queue->front());
      queue->pop_front();
      if (next.task()->deadline <= now)
        next.refuse(fault::timeout, "the deadline passed while the task waited");
      else
        batch.push_back(std::move(next));
    }
  return batch;
}

void stage_dispatcher_state::hand_over(const stage_worker_actor& worker, std::vector<stage_job> batch) {
  auto tasks = std::make_shared<std::vector<stage_task_ptr>>();
  tasks->reserve(batch.size());
  for (const auto& job : batch)
    tasks->push_back(job.task());
  auto in_hand = std::make_shared<std::vector<stage_job>>(std::move(batch));
  self_->request(worker, parts_->how.stuck_after, rank_atom_v, stage_batch(std::move(tasks)))
      .then(
          [this, worker, in_hand](const stage_replies& replies) { take_replies(worker, *in_hand, replies); },
          [this, worker, in_hand](const caf::error& reason) { take_failure(worker, *in_hand, reason); });
}

void stage_dispatcher_state::take_replies(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                                          const stage_replies& replies) {
  for (std::size_t i = 0; i < batch.size(); ++i)
    batch[i].answer((*replies)[i]);
  idle_.push_back(worker);
  dispatch();
}

void stage_dispatcher_state::take_failure(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                                          const caf::error& reason) {
  const bool stuck = reason == caf::sec::request_timeout;
  for (auto& job : batch)
    job.refuse(stuck ? fault::timeout : fault::internal,
               stuck ? "the worker is stuck" : "the worker crashed");
  if (!stuck)
    return; // its end is on its way as a message
  log_event(log_level::error, parts_->how.name, "worker stuck",
            {{"after_ms", parts_->how.stuck_after.count()}});
  self_->demonitor(worker.address());
  self_->send_exit(worker, caf::exit_reason::kill); // it finds this if it ever comes back
  dismiss(worker.address());
  hire();
}

void stage_dispatcher_state::worker_died(const caf::down_msg& down) {
  log_event(log_level::error, parts_->how.name, "worker died", {{"reason", to_string(down.reason)}});
  dismiss(down.source);
  self_->delayed_send(self_, parts_->how.revive_after, revive_atom_v);
}

void stage_dispatcher_state::dismiss(const caf::actor_addr& address) {
  for (auto* list : {&workers_, &idle_})
    list->erase(std::remove_if(list->begin(), list->end(),
                               [&](const stage_worker_actor& one) { return one.address() == address; }),
                list->end());
  parts_->meters->actor_restarted(parts_->how.name);
}

stage_actor::behavior_type stage_dispatcher(stage_actor::stateful_pointer<stage_dispatcher_state> self,
                                            stage_settings stage, std::shared_ptr<metrics> meters,
                                            worker_factory factory) {
  self->set_exception_handler(crash_reason);
  self->set_down_handler([self](caf::down_msg& down) { self->state.worker_died(down); });
  self->state.start({std::move(stage), std::move(meters)}, std::move(factory));
  return {[self](rank_atom, const stage_task_ptr& task) { return self->state.accept(task); },
          [self](revive_atom) { self->state.hire(); }};
}

} // namespace winnow
