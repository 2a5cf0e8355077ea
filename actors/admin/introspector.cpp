#include "actors/admin/introspector.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <caf/sec.hpp>

namespace winnow {

namespace {

std::int64_t milliseconds_since(steady_clock::time_point then) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - then).count();
}

} // namespace

status_report_ptr report_of(const actor_tree& tree, const activity_history& history) {
  auto report = std::make_shared<status_report>();
  for (const auto& place : tree.places())
    report->actors.push_back({place.record->status(), history.figures(place.record->id())});
  return report;
}

introspector_state::~introspector_state() {
  for (auto& answer : waiting_)
    answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

void introspector_state::start(introspector_parts parts) {
  parts_ = std::move(parts);
  self_->send(self_, tick_atom_v);
}

void introspector_state::tick() {
  self_->delayed_send(self_, activity_history::interval, tick_atom_v);
  const activity sampling(*parts_.record, "taking a sample");
  std::vector<actor_record_ptr> records;
  for (const auto& place : parts_.tree->places())
    records.push_back(place.record);
  parts_.history->tick(records);
  begin_round();
  log_stuck_actors();
  if (stuck_actors().empty())
    parts_.on_progress();
}

caf::result<status_report_ptr> introspector_state::report() {
  auto answer = self_->make_response_promise<status_report_ptr>();
  waiting_.push_back(answer);
  begin_round(); // a round in progress serves as well, because it asks all actors
  return answer;
}

void introspector_state::begin_round() {
  if (asking_)
    return;
  asking_ = true;
  ++round_;
  for (const auto& place : parts_.tree->places())
    if (place.actor && owed_.count(place.record->id()) == 0)
      ask(place);
  self_->delayed_send(self_, patience, patience_atom_v, round_);
}

void introspector_state::ask(const actor_tree::place& place) {
  const auto id = place.record->id();
  owed_[id] = {place.record, steady_clock::now()};
  // No CAF time-out, because it would drop a late answer, which shows that the actor is running again. The
  // rounds check the time instead.
  self_->request<caf::message_priority::high>(place.actor, caf::infinite, status_atom_v)
      .then([this, id](const actor_status_ptr&) { take_answer(id); },
            [this, id](const caf::error&) { take_answer(id); }); // it died, which its parent handles
}

void introspector_state::take_answer(std::uint64_t id) {
  const auto question = owed_.find(id);
  if (question == owed_.end())
    return;
  question->second.record->silent_since(std::nullopt);
  const bool was_stuck = question->second.logged;
  if (was_stuck)
    log_event(log_level::info, name, "actor answers again",
              {{"actor", question->second.record->name()},
               {"after_ms", milliseconds_since(question->second.asked)}});
  owed_.erase(question);
  if (was_stuck)
    parts_.health->stuck(stuck_actors());
  if (owed_.empty())
    end_round(round_);
}

void introspector_state::end_round(std::uint64_t number) {
  if (!asking_ || number != round_)
    return;
  asking_ = false;
  const auto now = steady_clock::now();
  for (auto& [id, question] : owed_)
    if (now - question.asked >= patience / 2) // otherwise it was asked at the very end of the round
      question.record->silent_since(question.asked);
  if (waiting_.empty())
    return;
  const activity reporting(*parts_.record, "building a report");
  parts_.record->handled(waiting_.size());
  const auto report = report_of(*parts_.tree, *parts_.history);
  for (auto& answer : waiting_)
    answer.deliver(report);
  waiting_.clear();
}

/// Logs each actor that has been silent for too long, once per silence.
void introspector_state::log_stuck_actors() {
  for (auto& [id, question] : owed_)
    if (!question.logged && steady_clock::now() - question.asked >= parts_.stuck_after) {
      question.logged = true;
      const auto status = question.record->status();
      log_event(log_level::warning, name, "actor stuck",
                {{"actor", status.name},
                 {"doing", status.doing.empty() ? std::string_view("waiting for a thread") : status.doing},
                 {"silent_ms", milliseconds_since(question.asked)}});
      parts_.health->stuck(stuck_actors());
    }
}

/// The indispensable ones whose silence was logged.
std::vector<std::string> introspector_state::stuck_actors() const {
  std::vector<std::string> stuck;
  for (const auto& [id, question] : owed_) {
    const auto& needed = parts_.indispensable;
    if (question.logged && std::find(needed.begin(), needed.end(), question.record->name()) != needed.end())
      stuck.push_back(question.record->name());
  }
  return stuck;
}

introspector_self::behavior_type introspector(introspector_self::stateful_pointer<introspector_state> self,
                                              introspector_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](report_atom) { return self->state.report(); }, [self](tick_atom) { self->state.tick(); },
          [self](patience_atom, std::uint64_t round) { self->state.end_round(round); },
          [self](status_atom) { return status_of(*self->state.parts_.record); }};
}

} // namespace winnow
