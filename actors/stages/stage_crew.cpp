#include "actors/stages/stage_crew.hpp"

#include "actors/stages/stage_outage.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

// A stuck worker blocks a thread that other actors need. With this many, the stage stays down until one of
// them returns.
constexpr std::size_t max_stuck = 6;

} // namespace

stage_crew::stage_crew(stage_dispatcher_self::pointer self, std::shared_ptr<const stage_parts> parts,
                       worker_factory factory, crew_events events)
    : self_(self), parts_(std::move(parts)), factory_(std::move(factory)), events_(std::move(events)),
      wanted_(parts_->settings.workers), deaths_(parts_->settings.worker_restarts) {}

stage_crew::~stage_crew() {
  for (const auto* list : {&workers_, &stuck_workers_})
    for (const auto& worker : *list) {
      parts_->tree->remove(*worker.record);
      // Workers are not linked: with a link, a worker's crash would end the dispatcher.
      caf::anon_send_exit(worker.actor, caf::exit_reason::user_shutdown);
    }
  for (const auto& place : vacant_)
    parts_->tree->remove(*place);
}

void stage_crew::start() {
  parts_->health->stage(parts_->settings.name).down = false;
  hire_missing();
}

void stage_crew::hire_missing() {
  while (workers_.size() < wanted_)
    hire();
}

/// Hires one more worker, which continues a dead worker's record if there is one.
void stage_crew::hire() {
  actor_record_ptr record;
  if (vacant_.empty()) {
    record =
        parts_->tree->add(parts_->settings.name + "." + std::to_string(++last_number_), parts_->record->id());
  } else {
    record = std::move(vacant_.back());
    vacant_.pop_back();
  }
  const auto worker = factory_(self_, record);
  self_->monitor(worker);
  parts_->tree->started(*record, worker);
  workers_.push_back({worker, std::move(record)});
  idle_.push_back(worker);
  events_.on_idle();
}

/// Ends a worker that is no longer needed. It must be without work.
void stage_crew::retire(const caf::actor_addr& leaving) {
  self_->demonitor(leaving);
  self_->send_exit(leaving, caf::exit_reason::user_shutdown);
  if (const auto record = dismiss(leaving))
    parts_->tree->remove(*record);
}

/// Removes a worker from the lists.
/// @return Its record, or null if it was on no list.
actor_record_ptr stage_crew::dismiss(const caf::actor_addr& address) {
  idle_.erase(std::remove_if(idle_.begin(), idle_.end(),
                             [&](const stage_worker_actor& one) { return one.address() == address; }),
              idle_.end());
  const auto found = std::find_if(workers_.begin(), workers_.end(),
                                  [&](const member& one) { return one.actor.address() == address; });
  if (found == workers_.end())
    return nullptr;
  auto record = std::move(found->record);
  workers_.erase(found);
  return record;
}

stage_worker_actor stage_crew::take_idle() {
  auto worker = std::move(idle_.back());
  idle_.pop_back();
  return worker;
}

void stage_crew::give_back(const stage_worker_actor& worker) {
  if (workers_.size() > wanted_)
    return retire(worker.address());
  idle_.push_back(worker);
  events_.on_idle();
}

void stage_crew::abandon(const stage_worker_actor& worker) {
  log_event(log_level::error, parts_->settings.name, "worker stuck",
            {{"after_ms", parts_->settings.stuck_after.count()}});
  self_->send_exit(worker, caf::exit_reason::kill);
  if (auto record = dismiss(worker.address()))
    stuck_workers_.push_back({worker, std::move(record)});
  replace_later("a worker is stuck");
}

void stage_crew::worker_died(const caf::down_msg& down) {
  const auto gone = std::find_if(stuck_workers_.begin(), stuck_workers_.end(),
                                 [&](const member& one) { return one.actor.address() == down.source; });
  if (gone != stuck_workers_.end()) {
    parts_->tree->remove(*gone->record);
    stuck_workers_.erase(gone);
    return;
  }
  log_event(log_level::error, parts_->settings.name, "worker died", {{"reason", to_string(down.reason)}});
  if (auto record = dismiss(down.source)) {
    parts_->tree->died(*record, to_string(down.reason));
    if (workers_.size() + vacant_.size() < wanted_)
      vacant_.push_back(std::move(record));
    else
      parts_->tree->remove(*record);
  }
  replace_later(to_string(down.reason));
}

/// Called when a worker died or hangs. Hires another one after a pause, or takes the stage down if this
/// happened too often.
void stage_crew::replace_later(const std::string& reason) {
  parts_->meters->supervisor.restarted(parts_->settings.name);
  const auto verdict = deaths_.died(steady_clock::now());
  if (verdict.exhausted || stuck_workers_.size() >= max_stuck)
    go_down(verdict, reason);
  revive_after(verdict.pause);
}

void stage_crew::revive_after(std::chrono::milliseconds pause) {
  ++pauses_;
  self_->delayed_send(self_, pause, revive_atom_v);
}

void stage_crew::revive() {
  const activity reviving(*parts_->record, "replacing a worker");
  --pauses_;
  if (!is_down()) {
    if (workers_.size() < wanted_)
      hire();
  } else if (pauses_ == 0) { // the pause that began last decides
    come_back();
  }
}

void stage_crew::go_down(const restart_history::verdict& verdict, const std::string& reason) {
  down_because_ = "the stage is down because its workers keep failing: " + reason;
  take_stage_down(parts_->settings.name, *parts_->record, *parts_->health, verdict, reason);
  events_.on_down(down_because_);
}

void stage_crew::come_back() {
  if (stuck_workers_.size() >= max_stuck)
    return revive_after(parts_->settings.worker_restarts.longest_pause);
  down_because_.clear();
  parts_->record->becomes(actor_state::running);
  parts_->health->stage(parts_->settings.name).down = false;
  log_event(log_level::info, parts_->settings.name, "stage tried again");
  hire_missing();
}

void stage_crew::scale(std::size_t workers) {
  log_event(log_level::info, parts_->settings.name, "number of workers changed",
            {{"from", wanted_}, {"to", workers}});
  wanted_ = workers;
  while (!vacant_.empty() && workers_.size() + vacant_.size() > wanted_) {
    parts_->tree->remove(*vacant_.back());
    vacant_.pop_back();
  }
  while (workers_.size() > wanted_ && !idle_.empty())
    retire(idle_.back().address());
  // This also replaces dead workers, so their pauses end without effect. A stage that is down hires when it
  // comes back up.
  if (!is_down())
    hire_missing();
}

} // namespace winnow
