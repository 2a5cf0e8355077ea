#include "actors/stages/stage_dispatcher.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Threads that hang are lost to all actors. With so many of them a stage is down until one comes back.
constexpr std::size_t most_given_up = 6;

// A hang lasts for seconds before it counts as one.
constexpr std::chrono::milliseconds stuck_resolution{50};

} // namespace

stage_dispatcher_state::stage_dispatcher_state(stage_actor::pointer owner)
    : watch_(std::make_shared<deadline_watch<stage_actor>>(owner, stuck_resolution)), self_(owner) {}

stage_dispatcher_state::~stage_dispatcher_state() {
  watch_->abandon();
  if (!parts_)
    return;
  for (const auto* list : {&workers_, &given_up_})
    for (const auto& worker : *list) {
      parts_->tree->remove(*worker.record);
      // Not by links: through one the crash of a worker would end the dispatcher with it.
      caf::anon_send_exit(worker.actor, caf::exit_reason::user_shutdown);
    }
  for (const auto& place : vacant_)
    parts_->tree->remove(*place);
}

void stage_dispatcher_state::start(stage_parts parts, worker_factory factory) {
  watch_->account_to(parts.record);
  parts_ = std::make_shared<const stage_parts>(std::move(parts));
  queue_.emplace(parts_->how);
  factory_ = std::move(factory);
  deaths_.emplace(parts_->how.workers_die);
  parts_->health->stage(parts_->how.name).down = false;
  wanted_ = parts_->how.workers;
  while (workers_.size() < wanted_)
    hire();
}

/// One more worker, in the place of a dead one if there is such a place.
void stage_dispatcher_state::hire() {
  actor_record_ptr record;
  if (vacant_.empty()) {
    record = parts_->tree->add(parts_->how.name + "." + std::to_string(++last_number_), parts_->record->id());
  } else {
    record = std::move(vacant_.back());
    vacant_.pop_back();
  }
  const auto worker = factory_(self_, record);
  self_->monitor(worker);
  parts_->tree->started(*record, worker);
  workers_.push_back({worker, std::move(record)});
  idle_.push_back(worker);
  dispatch();
}

/// The pause after a worker's death is over.
void stage_dispatcher_state::revive() {
  const activity reviving(*parts_->record, "replacing a worker");
  --pauses_;
  if (!down_because_.empty()) {
    if (pauses_ == 0) // the pause that began last is the one that holds
      come_back();
  } else if (workers_.size() < wanted_) {
    hire();
  }
}

/// A worker died or hangs. Another takes its place after a pause, unless that has happened too often.
void stage_dispatcher_state::lost_worker(const std::string& reason) {
  parts_->meters->actor_restarted(parts_->how.name);
  const auto verdict = deaths_->died(steady_clock::now());
  if (verdict.exhausted || given_up_.size() >= most_given_up)
    go_down(verdict, reason);
  ++pauses_;
  self_->delayed_send(self_, verdict.pause, revive_atom_v);
}

void stage_dispatcher_state::go_down(const restart_history::verdict& verdict, const std::string& reason) {
  down_because_ = "is down, as its workers keep failing: " + reason;
  take_stage_down(parts_->how.name, *parts_->record, *parts_->health, verdict, reason);
  queue_->refuse_all(fault::unavailable, down_because_);
  publish_queue();
}

void stage_dispatcher_state::come_back() {
  if (given_up_.size() >= most_given_up) {
    ++pauses_;
    self_->delayed_send(self_, parts_->how.workers_die.longest_pause, revive_atom_v);
    return;
  }
  down_because_.clear();
  parts_->record->becomes(actor_state::running);
  parts_->health->stage(parts_->how.name).down = false;
  log_event(log_level::info, parts_->how.name, "stage tried again");
  while (workers_.size() < wanted_)
    hire();
}

count_reply stage_dispatcher_state::scale(std::uint64_t workers) {
  const activity scaling(*parts_->record, "changing the number of workers");
  log_event(log_level::info, parts_->how.name, "number of workers changed",
            {{"from", wanted_}, {"to", workers}});
  wanted_ = workers;
  while (!vacant_.empty() && workers_.size() + vacant_.size() > wanted_) {
    parts_->tree->remove(*vacant_.back());
    vacant_.pop_back();
  }
  while (workers_.size() > wanted_ && !idle_.empty())
    retire(idle_.back().address()); // the others go as soon as their batch is done
  // Takes the places of the dead over, too: whose pause ends later then finds nothing to do. A stage that is
  // down hires as it comes back.
  while (down_because_.empty() && workers_.size() < wanted_)
    hire();
  return std::make_shared<const result<std::uint64_t>>(wanted_);
}

/// A worker that is not needed any more goes, without work in hand.
void stage_dispatcher_state::retire(const caf::actor_addr& leaving) {
  self_->demonitor(leaving);
  self_->send_exit(leaving, caf::exit_reason::user_shutdown);
  if (const auto record = dismiss(leaving))
    parts_->tree->remove(*record);
}

actor_status_ptr stage_dispatcher_state::status() const {
  parts_->record->queue(queue_->waiting(), parts_->how.capacity);
  parts_->record->in_flight(in_hand_);
  return status_of(*parts_->record);
}

caf::result<stage_reply> stage_dispatcher_state::accept(const stage_task_ptr& task) {
  const activity accepting(*parts_->record, "taking a task");
  auto answer = self_->make_response_promise<stage_reply>();
  stage_job job(parts_, task, answer);
  const auto why =
      down_because_.empty() ? queue_->refusal(*task, batch_time_) : error{fault::unavailable, down_because_};
  if (why) {
    job.refuse(why->cause, why->message);
    return answer;
  }
  queue_->push(std::move(job));
  if (idle_.empty()) {
    publish_queue();
  } else if (!flush_sent_) { // behind all tasks of the same burst, which then share batches
    flush_sent_ = true;
    self_->send(self_, flush_atom_v);
  }
  return answer;
}

void stage_dispatcher_state::publish_queue() {
  parts_->meters->stage_queue(parts_->how.name, queue_->waiting());
  parts_->record->queue(queue_->waiting(), parts_->how.capacity);
}

void stage_dispatcher_state::flush() {
  flush_sent_ = false;
  dispatch();
}

void stage_dispatcher_state::dispatch() {
  const bool is_alone = queue_->waiting() == 1;
  while (!idle_.empty()) {
    auto batch = queue_->take(idle_.size());
    if (batch.empty())
      break;
    const auto worker = idle_.back();
    idle_.pop_back();
    if (is_alone)
      hand_over_alone(worker, std::move(batch));
    else
      hand_over(worker, std::move(batch), nullptr);
  }
  publish_queue();
}

/// Has idle workers help with a task that comes alone, as many as there are processors for.
void stage_dispatcher_state::hand_over_alone(const stage_worker_actor& worker, std::vector<stage_job> batch) {
  const std::size_t helpers = parts_->how.can_be_shared(*batch.front().task())
                                  ? std::min(parts_->idle_processors(), idle_.size())
                                  : 0;
  const auto shared = helpers > 0 ? std::make_shared<shared_retrieval>() : nullptr;
  hand_over(worker, std::move(batch), shared);
  for (std::size_t i = 0; i < helpers; ++i) {
    const auto helper = idle_.back();
    idle_.pop_back();
    hand_over(helper, {}, shared);
  }
}

/// @param batch Without tasks: the worker is to help with `shared`.
void stage_dispatcher_state::hand_over(const stage_worker_actor& worker, std::vector<stage_job> batch,
                                       const std::shared_ptr<shared_retrieval>& shared) {
  auto work = std::make_shared<stage_work>();
  work->shared = shared;
  work->tasks.reserve(batch.size());
  for (const auto& job : batch)
    work->tasks.push_back(job.task());
  in_hand_ += batch.size();
  auto in_hand = std::make_shared<std::vector<stage_job>>(std::move(batch));
  watch_->ask<stage_replies>(
      worker, parts_->how.stuck_after,
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
  const activity taking(*parts_->record, "taking a batch's lists");
  in_hand_ -= batch.size();
  for (std::size_t i = 0; i < batch.size(); ++i)
    batch[i].answer((*replies)[i]);
  if (workers_.size() > wanted_)
    return retire(worker.address());
  idle_.push_back(worker);
  dispatch();
}

void stage_dispatcher_state::take_failure(const stage_worker_actor& worker, std::vector<stage_job>& batch,
                                          const caf::error& reason) {
  const activity taking(*parts_->record, "answering for a worker that failed");
  const bool stuck = reason == caf::sec::request_timeout;
  in_hand_ -= batch.size();
  for (auto& job : batch)
    job.refuse(stuck ? fault::timeout : fault::internal,
               stuck ? "the worker is stuck" : "the worker crashed");
  if (!stuck)
    return; // its end is on its way as a message
  log_event(log_level::error, parts_->how.name, "worker stuck",
            {{"after_ms", parts_->how.stuck_after.count()}});
  self_->send_exit(worker, caf::exit_reason::kill); // it finds this if it ever comes back
  if (auto record = dismiss(worker.address()))
    given_up_.push_back({worker, std::move(record)});
  lost_worker("a worker hangs");
}

void stage_dispatcher_state::worker_died(const caf::down_msg& down) {
  const auto gone = std::find_if(given_up_.begin(), given_up_.end(),
                                 [&](const crew_member& one) { return one.actor.address() == down.source; });
  if (gone != given_up_.end()) {
    parts_->tree->remove(*gone->record);
    given_up_.erase(gone);
    return;
  }
  log_event(log_level::error, parts_->how.name, "worker died", {{"reason", to_string(down.reason)}});
  if (auto record = dismiss(down.source)) {
    parts_->tree->died(*record, to_string(down.reason));
    if (workers_.size() + vacant_.size() < wanted_)
      vacant_.push_back(std::move(record));
    else
      parts_->tree->remove(*record);
  }
  lost_worker(to_string(down.reason));
}

/// Takes a worker off the lists. @return Its record; null where it was on none.
actor_record_ptr stage_dispatcher_state::dismiss(const caf::actor_addr& address) {
  idle_.erase(std::remove_if(idle_.begin(), idle_.end(),
                             [&](const stage_worker_actor& one) { return one.address() == address; }),
              idle_.end());
  const auto found = std::find_if(workers_.begin(), workers_.end(),
                                  [&](const crew_member& one) { return one.actor.address() == address; });
  if (found == workers_.end())
    return nullptr;
  auto record = std::move(found->record);
  workers_.erase(found);
  return record;
}

stage_actor::behavior_type stage_dispatcher(stage_actor::stateful_pointer<stage_dispatcher_state> self,
                                            stage_parts parts, worker_factory factory) {
  self->set_exception_handler(crash_reason);
  self->set_down_handler([self](caf::down_msg& down) { self->state.worker_died(down); });
  self->state.start(std::move(parts), std::move(factory));
  return {[self](rank_atom, const stage_task_ptr& task) { return self->state.accept(task); },
          [self](flush_atom) { self->state.flush(); },
          [self](revive_atom) { self->state.revive(); },
          [self](tick_atom) { self->state.watch_->tick(); },
          [self](scale_atom, std::uint64_t workers) { return self->state.scale(workers); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
