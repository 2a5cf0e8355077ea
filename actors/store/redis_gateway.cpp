#include "actors/store/redis_gateway.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"

#include <array>
#include <caf/send.hpp>
#include <iterator>
#include <utility>

namespace winnow {

namespace {

// A pipeline of this many commands is run immediately. A longer one would hardly save more round trips.
constexpr std::size_t max_pipeline = 1024;

// How often the connection is checked. Sets how soon a lost connection is noticed if there are no requests.
constexpr std::chrono::milliseconds probe_interval{250};

// The replies of a near server come within this time, also if all processors are busy. What is asked
// meanwhile then goes into one pipeline: with short ones, the server spends most of its time in system calls.
constexpr std::chrono::microseconds worth_a_wait{2000};

struct need_events {
  std::string_view refuses;
  std::string_view serves_again;
};

// In the order of `store_need`.
constexpr std::array<need_events, store_needs> events{
    need_events{"the store refuses to return profiles", "the store returns profiles again"},
    need_events{"the store refuses to store lists", "the store stores lists again"},
    need_events{"the store refuses to list its profiles", "the store lists its profiles again"},
};

void log_trouble(const flood_limit::report& some) {
  if (some.subject.empty())
    log_event(log_level::info, redis_gateway_state::name, some.cause, {{"times", some.count}});
  else if (some.reason.empty())
    log_event(log_level::warning, redis_gateway_state::name, some.cause,
              {{"times", some.count}, {"reason", some.subject}});
  else
    log_event(log_level::warning, redis_gateway_state::name, some.cause,
              {{"times", some.count}, {"reason", some.subject}, {"redis", some.reason}});
}

} // namespace

redis_gateway_state::redis_gateway_state(redis_gateway_self::pointer owner)
    : self_(owner), flush_(owner), trouble_log_(log_trouble) {}

redis_gateway_state::waiting_batch::~waiting_batch() {
  if (commands_)
    answer(std::vector<store_reply>(commands_->size(),
                                    fail(fault::unavailable, "the store gateway is stopping")));
}

void redis_gateway_state::waiting_batch::taken(steady_clock::time_point at, std::size_t pipeline_size) const {
  if (steps_)
    for (const auto& step : *steps_)
      step.taken(at, pipeline_size);
}

void redis_gateway_state::waiting_batch::done(steady_clock::time_point at) const {
  if (steps_)
    for (const auto& step : *steps_)
      step.done(at);
}

void redis_gateway_state::waiting_batch::answer(std::vector<store_reply> replies) {
  commands_.reset();
  promise_.deliver(std::make_shared<const std::vector<store_reply>>(std::move(replies)));
}

void redis_gateway_state::start(gateway_parts parts) {
  record_ = std::move(parts.record);
  store_ = std::move(parts.store);
  health_ = std::move(parts.health);
  metrics_ = std::move(parts.meters);
  // Its thread begins now: later, there may be no room for another one.
  waiter_ = std::make_unique<socket_waiter>([address = caf::actor_cast<caf::actor_addr>(self_)] {
    if (const auto gateway = caf::actor_cast<caf::strong_actor_ptr>(address))
      caf::anon_send(caf::actor_cast<redis_gateway_self>(gateway), arrived_atom_v);
  });
  probe();
}

caf::result<store_replies> redis_gateway_state::gather(const store_commands& commands, traced_steps steps) {
  auto answer = self_->make_response_promise<store_replies>();
  waiting_.emplace_back(commands, std::move(steps), answer);
  waiting_commands_ += commands->size();
  if (waiting_commands_ >= max_pipeline)
    flush();
  else
    flush_.raise();
  return answer;
}

void redis_gateway_state::flush() {
  flush_.received();
  if (waiting_.empty())
    return;
  auto batches = std::move(waiting_);
  waiting_.clear();
  waiting_commands_ = 0;
  std::vector<store_command> commands;
  for (const auto& batch : batches)
    commands.insert(commands.end(), batch.commands().begin(), batch.commands().end());
  const activity executing(*record_, "running a pipeline");
  const auto ticket = ++last_ticket_;
  commands_under_way_ += commands.size();
  const auto now = steady_clock::now();
  for (const auto& batch : batches)
    batch.taken(now, commands.size());
  under_way_.emplace(ticket, pipeline{std::move(batches), commands.size(), now});
  store_->submit(ticket, std::move(commands));
  collect();
}

void redis_gateway_state::arrived() {
  const activity reading(*record_, "reading replies");
  collect();
}

void redis_gateway_state::collect() {
  auto finished = store_->collect(near_ ? worth_a_wait : std::chrono::microseconds::zero());
  near_ = near_ && !store_->awaited();
  publish_state();
  for (auto& done : finished)
    finish(std::move(done));
  wait_for_replies();
}

void redis_gateway_state::finish(finished_commands done) {
  const auto sent = under_way_.extract(done.ticket);
  if (!sent.empty())
    answer(std::move(sent.mapped()), std::move(done.replies));
}

void redis_gateway_state::answer(pipeline sent, std::vector<store_reply> replies) {
  const auto took = steady_clock::now() - sent.sent;
  near_ = near_ || took < worth_a_wait;
  commands_under_way_ -= sent.size;
  metrics_->store.pipeline(sent.size, took);
  record_->took(took, static_cast<std::uint32_t>(sent.batches.size()));
  auto next = replies.begin();
  for (auto& batch : sent.batches) {
    batch.done(sent.sent + took);
    const auto end = next + static_cast<std::ptrdiff_t>(batch.commands().size());
    for (auto reply = next; reply != end; ++reply)
      if (!*reply)
        metrics_->store.failed(to_string(reply->error().cause));
    batch.answer({std::make_move_iterator(next), std::make_move_iterator(end)});
    next = end;
  }
}

void redis_gateway_state::wait_for_replies() {
  const auto what = store_->awaited();
  if (!what)
    return;
  waiter_->wait_for(*what);
}

void redis_gateway_state::probe() {
  const activity probing(*record_, "checking the store connection");
  if (health_)
    store_->begin_probe(); // the outcome is part of the store's state
  collect();
  trouble_log_.report_due();
  self_->delayed_send(self_, probe_interval, probe_atom_v);
}

void redis_gateway_state::publish_state() {
  if (!health_)
    return;
  const store_state state = store_->state();
  health_->store_state(state);
  log_connection(state);
  if (state.connected) {
    log_troubles(state);
    log_room(state);
    log_lateness();
  }
}

void redis_gateway_state::log_connection(const store_state& state) {
  if (published_ && state.connected == connected_ && (connected_ || state.last_error == logged_error_))
    return;
  published_ = true;
  connected_ = state.connected;
  logged_error_ = state.last_error;
  metrics_->store.connected(connected_);
  if (connected_) {
    log_event(log_level::info, name, "connected", {{"address", state.address}});
  } else {
    log_event(log_level::warning, name, "not connected",
              {{"address", state.address}, {"reason", state.last_error}});
  }
}

void redis_gateway_state::log_troubles(const store_state& state) {
  for (std::size_t i = 0; i < store_needs; ++i) {
    const auto& trouble = state.troubles[i];
    auto& logged = logged_troubles_[i];
    if ((trouble ? trouble->reason : "") == logged)
      continue;
    logged = trouble ? trouble->reason : "";
    if (trouble)
      trouble_log_.note(events[i].refuses, trouble->reason, trouble->server_says);
    else
      trouble_log_.note(events[i].serves_again, {}, {});
  }
}

void redis_gateway_state::log_room(const store_state& state) {
  const bool is_full = !state.full_because.empty();
  if (is_full != std::exchange(full_, is_full))
    trouble_log_.note(is_full ? "the store is full" : "the store has room again", state.full_because, {});
}

void redis_gateway_state::log_lateness() {
  const auto why = health_->store_lateness();
  const bool is_late = !why.empty();
  if (is_late != std::exchange(late_, is_late))
    trouble_log_.note(is_late ? "the store answers too late for requests"
                              : "the store answers in time for requests again",
                      why, {});
}

scan_reply redis_gateway_state::scan(key_family family, std::uint64_t cursor, std::uint64_t count) {
  const activity scanning(*record_, "listing keys");
  record_->handled();
  auto page = std::make_shared<const result<scan_page>>(store_->scan(family, cursor, count));
  collect(); // replies that came meanwhile
  return page;
}

count_reply redis_gateway_state::count() {
  const activity counting(*record_, "counting keys");
  record_->handled();
  auto counted = std::make_shared<const result<std::uint64_t>>(store_->key_count());
  collect();
  return counted;
}

actor_status_ptr redis_gateway_state::status() const {
  record_->in_flight(commands_under_way_);
  record_->queue(waiting_commands_, 0); // 0: the queue has no limit
  return status_of(*record_);
}

redis_gateway_self::behavior_type
redis_gateway(redis_gateway_self::stateful_pointer<redis_gateway_state> self, gateway_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](execute_atom, const store_commands& commands) { return self->state.gather(commands); },
          [self](execute_atom, const store_commands& commands, const traced_steps& steps) {
            return self->state.gather(commands, steps);
          },
          [self](scan_atom, key_family family, std::uint64_t cursor, std::uint64_t count) {
            return self->state.scan(family, cursor, count);
          },
          [self](count_atom) { return self->state.count(); },
          [self](flush_atom) { self->state.flush(); },
          [self](probe_atom) { self->state.probe(); },
          [self](arrived_atom) { self->state.arrived(); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
