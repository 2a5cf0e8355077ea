#include "actors/stages/stage_dispatcher.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "actors/runtime/request_failure.hpp"
#include "models/recall/shared_retrieval.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Coarse, because a worker must hang for seconds to count as stuck.
constexpr std::chrono::milliseconds stuck_resolution{50};

/// Whether a batch that is not answered yet has searches for similar items.
bool has_searches(const std::vector<stage_job>& batch) {
  return !batch.empty() && batch.front().task()->similar_to;
}

} // namespace

stage_dispatcher_state::stage_dispatcher_state(stage_dispatcher_self::pointer owner)
    : watch_(std::make_shared<deadline_watch<stage_dispatcher_self>>(owner, stuck_resolution)), self_(owner),
      flush_(owner) {}

stage_dispatcher_state::~stage_dispatcher_state() {
  watch_->abandon();
}

void stage_dispatcher_state::start(stage_parts parts, worker_factory factory) {
  watch_->account_to(parts.record);
  parts_ = std::make_shared<const stage_parts>(std::move(parts));
  queue_.emplace(parts_->settings);
  crew_.emplace(
      self_, parts_, std::move(factory),
      crew_events{[this] { dispatch(); }, [this](const std::string& reason) { refuse_waiting(reason); }});
  crew_->start();
}

count_reply stage_dispatcher_state::scale(std::uint64_t workers) {
  const activity scaling(*parts_->record, "changing the number of workers");
  crew_->scale(workers);
  return std::make_shared<const result<std::uint64_t>>(workers);
}

actor_status_ptr stage_dispatcher_state::status() const {
  parts_->record->queue(queue_->waiting(), parts_->settings.capacity);
  parts_->record->in_flight(in_hand_);
  return status_of(*parts_->record);
}

caf::result<stage_reply> stage_dispatcher_state::accept(const stage_task_ptr& task) {
  const activity accepting(*parts_->record, "accepting a task");
  auto answer = self_->make_response_promise<stage_reply>();
  stage_job job(parts_, task, answer);
  const auto refusal = crew_->is_down() ? error{fault::unavailable, crew_->down_because()}
                                        : queue_->admission_error(*task, batch_time_);
  if (refusal) {
    job.refuse(refusal->cause, refusal->message);
    return answer;
  }
  queue_->push(std::move(job));
  if (crew_->idle() == 0)
    publish_queue();
  else
    flush_.raise(); // arrives after all tasks of the same burst, so they share batches
  return answer;
}

void stage_dispatcher_state::publish_queue() {
  parts_->meters->stages.queue(parts_->settings.name, queue_->waiting());
  parts_->record->queue(queue_->waiting(), parts_->settings.capacity);
}

/// Called when the stage goes down.
void stage_dispatcher_state::refuse_waiting(const std::string& reason) {
  queue_->refuse_all(fault::unavailable, reason);
  publish_queue();
}

void stage_dispatcher_state::flush() {
  flush_.received();
  dispatch();
}

void stage_dispatcher_state::dispatch() {
  const bool is_alone = queue_->waiting() == 1;
  while (crew_->idle() > 0) {
    auto batch = queue_->take(crew_->idle(), searches_in_hand_ == 0);
    if (batch.empty())
      break;
    if (is_alone)
      hand_over_alone(std::move(batch));
    else
      hand_over(std::move(batch), nullptr);
  }
  publish_queue();
}

/// Hands over a task that arrived alone. If it can be shared, as many idle workers help as there are idle
/// processors.
void stage_dispatcher_state::hand_over_alone(std::vector<stage_job> batch) {
  const std::size_t helpers = parts_->settings.can_be_shared(*batch.front().task())
                                  ? std::min(parts_->idle_processors(), crew_->idle() - 1)
                                  : 0;
  const auto shared = helpers > 0 ? std::make_shared<shared_retrieval>() : nullptr;
  hand_over(std::move(batch), shared);
  for (std::size_t i = 0; i < helpers; ++i)
    hand_over({}, shared);
}

/// Gives a batch to an idle worker. Requires an idle worker.
/// @param batch Empty if the worker only helps with `shared`.
void stage_dispatcher_state::hand_over(std::vector<stage_job> batch,
                                       const std::shared_ptr<shared_retrieval>& shared) {
  const auto worker = crew_->take_idle();
  auto work = std::make_shared<stage_work>();
  work->shared = shared;
  work->tasks.reserve(batch.size());
  for (const auto& job : batch)
    work->tasks.push_back(job.task());
  in_hand_ += batch.size();
  searches_in_hand_ += has_searches(batch) ? 1 : 0;
  auto in_hand = std::make_shared<std::vector<stage_job>>(std::move(batch));
  watch_->ask<stage_replies>(
      worker, parts_->settings.stuck_after,
      [this, worker, in_hand, begin = steady_clock::now()](const stage_replies& replies) {
        if (!in_hand->empty())
          learn_batch_time(steady_clock::now() - begin);
        take_replies(worker, *in_hand, replies);
      },
      [this, worker, in_hand](const caf::error& reason) { take_failure(worker, *in_hand, reason); },
      rank_atom_v, stage_batch(std::move(work)));
}

void stage_dispatcher_state::learn_batch_time(std::chrono::nanoseconds took) {
  constexpr int memory = 8; // batches
  batch_time_ += (took - batch_time_) / memory;
}

void stage_dispatcher_state::take_replies(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                                          const stage_replies& replies) {
  const activity taking(*parts_->record, "answering the tasks of a batch");
  in_hand_ -= batch.size();
  searches_in_hand_ -= has_searches(batch) ? 1 : 0;
  for (std::size_t i = 0; i < batch.size(); ++i)
    batch[i].answer((*replies)[i]);
  crew_->give_back(worker);
}

void stage_dispatcher_state::take_failure(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                                          const caf::error& reason) {
  const activity taking(*parts_->record, "handling a worker's failure");
  const bool stuck = timed_out(reason);
  in_hand_ -= batch.size();
  searches_in_hand_ -= has_searches(batch) ? 1 : 0;
  for (auto& job : batch)
    job.refuse(stuck ? fault::timeout : fault::internal,
               stuck ? "the worker is stuck" : "the worker crashed");
  if (stuck) // if it crashed, its down message follows
    crew_->abandon(worker);
}

stage_dispatcher_self::behavior_type
stage_dispatcher(stage_dispatcher_self::stateful_pointer<stage_dispatcher_state> self, stage_parts parts,
                 worker_factory factory) {
  self->set_exception_handler(crash_reason);
  self->set_down_handler([self](caf::down_msg& down) { self->state.crew_->worker_died(down); });
  self->state.start(std::move(parts), std::move(factory));
  return {[self](rank_atom, const stage_task_ptr& task) { return self->state.accept(task); },
          [self](flush_atom) { self->state.flush(); },
          [self](revive_atom) { self->state.crew_->revive(); },
          [self](tick_atom) { self->state.watch_->tick(); },
          [self](scale_atom, std::uint64_t workers) { return self->state.scale(workers); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
