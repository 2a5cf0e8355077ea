#include "actors/stage_dispatcher.hpp"

#include "config/log.hpp"

#include <algorithm>

namespace winnow {

stage_dispatcher_state::stage_dispatcher_state(stage_actor::pointer owner) : self_(owner) {}

stage_dispatcher_state::~stage_dispatcher_state() {
  // A promise that is dropped is silence until the asker's time-out.
  for (auto* queue : {&interactive_, &background_})
    for (auto& waiting : *queue)
      refuse(waiting, fault::unavailable, "stopping");
}

void stage_dispatcher_state::start(stage_settings stage, std::shared_ptr<metrics> meters,
                                   worker_factory factory) {
  stage_ = std::move(stage);
  metrics_ = std::move(meters);
  factory_ = std::move(factory);
  for (std::size_t i = 0; i < stage_.workers; ++i)
    hire();
}

void stage_dispatcher_state::hire() {
  idle_.push_back(factory_(self_));
  dispatch();
}

caf::result<stage_reply> stage_dispatcher_state::accept(const stage_task_ptr& task) {
  waiting_task waiting{task, self_->make_response_promise<stage_reply>()};
  promise answer = waiting.answer;
  if (interactive_.size() + background_.size() >= stage_.capacity) {
    refuse(waiting, fault::overloaded, std::to_string(stage_.capacity) + " tasks are waiting already");
    return answer;
  }
  (task->priority == urgency::interactive ? interactive_ : background_).push_back(std::move(waiting));
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
  metrics_->stage_queue(stage_.name, interactive_.size() + background_.size());
}

/// What waits, interactive work first, shared out among the idle workers; what is past its deadline is
/// refused.
std::vector<stage_dispatcher_state::waiting_task> stage_dispatcher_state::take_batch() {
  const std::size_t waiting = interactive_.size() + background_.size();
  const std::size_t share = (waiting + idle_.size() - 1) / idle_.size();
  const std::size_t size = std::min(share, stage_.max_batch);
  const auto now = steady_clock::now();
  std::vector<waiting_task> batch;
  for (auto* queue : {&interactive_, &background_})
    while (batch.size() < size && !queue->empty()) {
      waiting_task next = std::move(queue->front());
      queue->pop_front();
      if (next.task->deadline <= now)
        refuse(next, fault::timeout, "the deadline passed while the task waited");
      else
        batch.push_back(std::move(next));
    }
  return batch;
}

void stage_dispatcher_state::hand_over(const stage_worker_actor& worker, std::vector<waiting_task> batch) {
  auto tasks = std::make_shared<std::vector<stage_task_ptr>>();
  tasks->reserve(batch.size());
  for (const auto& waiting : batch)
    tasks->push_back(waiting.task);
  auto in_hand = std::make_shared<std::vector<waiting_task>>(std::move(batch));
  self_->request(worker, stage_.stuck_after, rank_atom_v, stage_batch(std::move(tasks)))
      .then(
          [this, worker, in_hand](const stage_replies& replies) {
            for (std::size_t i = 0; i < in_hand->size(); ++i) {
              if (!*(*replies)[i])
                metrics_->stage_failed(stage_.name, to_string((*replies)[i]->error().cause));
              (*in_hand)[i].answer.deliver((*replies)[i]);
            }
            idle_.push_back(worker);
            dispatch();
          },
          [this, worker, in_hand](const caf::error& reason) {
            const bool stuck = reason == caf::sec::request_timeout;
            for (auto& waiting : *in_hand)
              refuse(waiting, stuck ? fault::timeout : fault::internal,
                     stuck ? "the worker is stuck" : "the worker crashed");
            if (stuck) { // it cannot be interrupted; when it comes back it finds its exit message
              log_event(log_level::error, stage_.name, "worker stuck",
                        {{"after_ms", stage_.stuck_after.count()}});
              self_->demonitor(worker.address());
              self_->send_exit(worker, caf::exit_reason::kill);
              metrics_->actor_restarted(stage_.name);
              hire();
            }
          });
}

void stage_dispatcher_state::refuse(waiting_task& waiting, fault cause, const std::string& message) {
  metrics_->stage_failed(stage_.name, to_string(cause));
  waiting.answer.deliver(std::make_shared<const result<ranked_list>>(
      tl::make_unexpected(error{cause, stage_.name + ": " + message})));
}

void stage_dispatcher_state::worker_died(const caf::actor_addr& address) {
  idle_.erase(std::remove_if(idle_.begin(), idle_.end(),
                             [&](const stage_worker_actor& worker) { return worker.address() == address; }),
              idle_.end());
  metrics_->actor_restarted(stage_.name);
  self_->delayed_send(self_, stage_.revive_after, revive_atom_v);
}

void stage_dispatcher_state::revive() {
  hire();
}

stage_actor::behavior_type stage_dispatcher(stage_actor::stateful_pointer<stage_dispatcher_state> self,
                                            stage_settings stage, std::shared_ptr<metrics> meters,
                                            worker_factory factory) {
  const std::string stage_name = stage.name;
  self->set_down_handler([self, stage_name](caf::down_msg& down) {
    log_event(log_level::error, stage_name, "worker died", {{"reason", to_string(down.reason)}});
    self->state.worker_died(down.source);
  });
  self->state.start(std::move(stage), std::move(meters), std::move(factory));
  return {[self](rank_atom, const stage_task_ptr& task) { return self->state.accept(task); },
          [self](revive_atom) { self->state.revive(); }};
}

} // namespace winnow
