#include "actors/kafka/kafka_consumer.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"

#include <stdexcept>
#include <utility>

namespace winnow {

namespace {

using namespace std::chrono_literals;

// The longest single wait. Meanwhile the actor handles no other message, not even an exit.
constexpr std::chrono::milliseconds wait_limit = 100ms;
constexpr std::chrono::milliseconds retry_interval = 200ms;
constexpr std::chrono::milliseconds commit_interval = 100ms;
constexpr std::chrono::milliseconds report_interval = 500ms;
constexpr std::chrono::milliseconds close_patience = 1500ms;
// What is stored at once. Larger batches are not faster.
constexpr std::size_t most_messages = 1000;
constexpr std::size_t most_bytes = 4u << 20;

/// What a consumer waits for while it polls.
const char* waits_for(const kafka_facts& known) {
  if (!known.trouble.empty())
    return known.connected ? "waiting for the topic, which cannot be read"
                           : "waiting for a broker, as none is reachable";
  // Usual if a group has more members than the topic has partitions, which is no trouble.
  if (known.connected && known.partitions == 0)
    return "standing by, as the group gave it no partition";
  return "waiting for messages";
}

} // namespace

void kafka_consumer_state::start(kafka_consumer_parts parts) {
  parts_ = std::move(parts);
  parts_.meters->kafka.connected(false); // not what an earlier consumer said before it died
  parts_.meters->kafka.paused({});
  self_->send(self_, pump_atom_v);
}

/// Fails only if librdkafka refuses the settings, such as a certificate that it cannot read. Then the actor
/// dies, and is tried again later.
void kafka_consumer_state::join() {
  const auto& options = parts_.options;
  if (!options.dead_letter.empty()) {
    auto producer = kafka_producer::make(options, options.dead_letter);
    if (!producer)
      throw std::runtime_error(producer.error().message);
    letters_ = std::make_unique<dead_letters>(std::move(*producer), options.topic, options.dead_letter,
                                              parts_.meters->kafka);
  }
  intake_ = std::make_unique<intake>(intake_parts{
      options, *parts_.store, parts_.meters->kafka, letters_.get(),
      [directory = parts_.directory](std::string_view user) { return directory->newest(user); }});
  auto joined = parts_.join(
      options, {[this](const kafka_message& message) { intake_->take(message); },
                [this](const std::vector<std::int32_t>& partitions) { return intake_->forget(partitions); }});
  if (!joined)
    throw std::runtime_error(joined.error().message);
  consumer_ = std::move(*joined);
  parts_.health->stage(name).down = false;
  parts_.health->kafka_trouble({});
  log_event(log_level::info, name, "joining",
            {{"brokers", options.brokers}, {"topic", options.topic}, {"group", options.group}});
}

void kafka_consumer_state::pump() {
  self_->send(self_, pump_atom_v);
  if (!consumer_)
    join();
  const auto reason = obstacle();
  if (std::exchange(paused_for_, reason) != reason) {
    parts_.meters->kafka.paused(reason);
    if (reason.empty())
      consumer_->resume();
    else
      consumer_->pause();
  }
  if (reason.empty())
    gather();
  else
    wait();
  if (intake_->waiting() > 0 && (paused_for_.empty() || clock::now() >= next_try_))
    store();
  commit_when_due();
  report();
}

/// Returns why nothing may be read now; empty if it may.
std::string_view kafka_consumer_state::obstacle() const {
  const auto& health = *parts_.health;
  if (store_failed_)
    return "store";
  if (health.draining)
    return "draining";
  // The newest profile of a user, to which events are added, is known only then.
  if (parts_.options.format == kafka_format::events && !health.profiles_listed &&
      !health.store_refuses(store_need::listing))
    return "listing";
  const auto enough = paused_for_ == "pipeline" ? most_waiting_profiles / 2 : most_waiting_profiles;
  return health.waiting_profiles > enough ? "pipeline" : "";
}

/// Takes what has arrived. Waits only for the first message.
void kafka_consumer_state::gather() {
  const activity reading(*parts_.record, waits_for(reported_), activity::kind::wait);
  if (!consumer_->poll(wait_limit))
    return;
  while (intake_->waiting() < most_messages && intake_->bytes() < most_bytes && consumer_->poll(0ms)) {
  }
}

/// Polls, so that the group does not take this member for dead.
void kafka_consumer_state::wait() {
  const activity waiting(*parts_.record, "waiting until messages can be stored", activity::kind::wait);
  consumer_->poll(wait_limit);
}

void kafka_consumer_state::store() {
  const activity storing(*parts_.record, "storing what was read");
  const auto before = intake_->waiting();
  const auto stored = intake_->store();
  parts_.record->handled(before - intake_->waiting());
  next_try_ = clock::now() + retry_interval;
  if (std::exchange(store_failed_, !stored) == !stored)
    return;
  if (stored)
    log_event(log_level::info, name, "going on");
  else
    log_event(log_level::warning, name, "paused, because what was read cannot be stored",
              {{"reason", stored.error().message}, {"waiting", intake_->waiting()}});
}

void kafka_consumer_state::commit_when_due() {
  const auto now = clock::now();
  if (now < next_commit_)
    return;
  next_commit_ = now + commit_interval;
  consumer_->commit(intake_->take_done());
}

void kafka_consumer_state::report() {
  const auto now = clock::now();
  if (now < next_report_)
    return;
  next_report_ = now + report_interval;
  intake_->report_due();
  const auto facts = consumer_->facts();
  auto& meters = parts_.meters->kafka;
  meters.connected(facts.connected);
  meters.holds(facts.partitions, facts.lag);
  meters.rebalanced(facts.rebalances - reported_.rebalances);
  meters.failed(facts.errors - reported_.errors);
  meters.committed(facts.commits - reported_.commits, facts.failed_commits - reported_.failed_commits);
  parts_.record->in_flight(intake_->waiting());
  parts_.record->queue(static_cast<std::uint64_t>(facts.lag), 0);
  if (facts.errors != reported_.errors)
    parts_.record->met(facts.last_error);
  if (facts.trouble != reported_.trouble) {
    parts_.health->kafka_trouble(facts.trouble);
    if (facts.trouble.empty())
      log_event(log_level::info, name, "Kafka can be read again");
    else
      log_event(log_level::warning, name, "nothing is read from Kafka",
                {{"reason", facts.trouble}, {"librdkafka", facts.last_error}});
  }
  reported_ = facts;
}

void kafka_consumer_state::leave() {
  if (!consumer_)
    return;
  const activity leaving(*parts_.record, "leaving the group");
  consumer_->commit(intake_->take_done());
  consumer_->close(close_patience);
}

kafka_consumer_self::behavior_type
kafka_consumer(kafka_consumer_self::stateful_pointer<kafka_consumer_state> self, kafka_consumer_parts parts) {
  self->set_exception_handler(crash_reason);
  self->set_exit_handler([self](caf::exit_msg& told) {
    if (told.reason == caf::exit_reason::user_shutdown)
      self->state.leave();
    self->quit(std::move(told.reason));
  });
  self->state.start(std::move(parts));
  const auto record = self->state.record();
  return {[self](pump_atom) { self->state.pump(); }, [record](status_atom) { return status_of(*record); }};
}

} // namespace winnow
