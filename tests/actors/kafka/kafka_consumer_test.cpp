#include "actors/kafka/kafka_consumer.hpp"

#include "support/wait_until.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/flaky_store.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>

using namespace winnow;
using namespace winnow::test;

namespace {

/// What a member of the group did, and what it will be brought.
struct group_log {
  std::deque<std::string> topic; ///< Messages that are not read yet.
  std::size_t polls = 0;
  bool paused = false;
  kafka_positions committed;
  kafka_facts facts;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::string doing; ///< What the consumer said that it does while it polls.
};

/// A member of a group with one partition. As with librdkafka, a paused one is brought nothing.
class fake_group final : public group_consumer {
public:
  fake_group(group_log& log, group_listener listener) : log_(log), listener_(std::move(listener)) {}

  bool poll(std::chrono::milliseconds) override {
    ++log_.polls;
    log_.doing = log_.record->status().doing;
    if (log_.paused || log_.topic.empty())
      return false;
    const auto value = std::move(log_.topic.front());
    log_.topic.pop_front();
    listener_.message({0, next_offset_++, {}, {}, value});
    return true;
  }
  void pause() override { log_.paused = true; }
  void resume() override { log_.paused = false; }
  void commit(const kafka_positions& positions) override {
    for (const auto& [partition, offset] : positions)
      log_.committed[partition] = offset;
  }
  void close(std::chrono::milliseconds) override {}
  const kafka_facts& facts() const override { return log_.facts; }

private:
  group_log& log_;
  const group_listener listener_;
  std::int64_t next_offset_ = 0;
};

constexpr auto limit = kafka_consumer_state::most_waiting_profiles;

/// A consumer that runs only when the test says so.
struct consumer_fixture {
  explicit consumer_fixture(kafka_format format = kafka_format::profiles) {
    parts.options.format = format;
    parts.store = store;
    parts.directory = std::make_shared<profile_directory>();
    parts.health = health;
    parts.meters = meters;
    parts.record = log.record;
    parts.join = [this](const kafka_settings&, group_listener listener) {
      return result<std::unique_ptr<group_consumer>>(std::make_unique<fake_group>(log, std::move(listener)));
    };
    consumer = world.spawn(kafka_consumer, parts);
  }
  ~consumer_fixture() { world.kill(consumer, caf::exit_reason::user_shutdown); } // it never rests

  void write(const std::string& user) {
    log.topic.push_back(R"({"user_id":")" + user + R"(","history_items":["1"]})");
  }

  /// Lets the consumer pump a few times. It always sends itself the next message, so it never comes to rest.
  void pump() {
    auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(world.system().scheduler());
    constexpr int times = 5;
    for (int i = 0; i < times; ++i)
      scheduler.try_run_once();
  }

  bool is_stored(const std::string& user) {
    const store_command read = read_profile{{user, {}}};
    return memory_store(core).execute({&read, 1})[0]->value.has_value();
  }

  /// The reason for which the metrics say that nothing is read.
  std::string paused_for() const {
    for (const auto& family : meters->collect())
      if (family.name == "winnow_kafka_paused")
        for (const auto& metric : family.metric)
          if (metric.gauge.value == 1)
            return metric.label[0].value;
    return {};
  }

  bool is_connected() const { return metrics::total(meters->collect(), "winnow_kafka_connected") == 1; }

  std::shared_ptr<memory_core> core = make_memory_core();
  std::shared_ptr<flaky_store> store = std::make_shared<flaky_store>(core);
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<metrics> meters = std::make_shared<metrics>();
  group_log log;
  kafka_consumer_parts parts;
  actor_world world;
  kafka_consumer_actor consumer;
};

struct events_fixture : consumer_fixture {
  events_fixture() : consumer_fixture(kafka_format::events) {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(kafka_consumer_suite)

BOOST_FIXTURE_TEST_CASE(reads_nothing_while_the_pipeline_is_full, consumer_fixture) {
  health->waiting_profiles = limit;
  write("early");
  pump();
  BOOST_TEST(is_stored("early"));
  BOOST_TEST(paused_for() == "");

  health->waiting_profiles = limit + 1;
  write("late");
  pump();
  BOOST_TEST(log.paused);
  BOOST_TEST(paused_for() == "pipeline");
  const auto polls = log.polls;
  pump();
  BOOST_TEST(log.polls > polls); // the group must not take it for dead
  BOOST_TEST(log.topic.size() == 1u);

  health->waiting_profiles = limit / 2 + 1; // it does not pause and go on with each profile
  pump();
  BOOST_TEST(log.paused);
  BOOST_TEST(!is_stored("late"));

  health->waiting_profiles = limit / 2;
  pump();
  BOOST_TEST(!log.paused);
  BOOST_TEST(paused_for() == "");
  BOOST_TEST(is_stored("late"));
}

BOOST_FIXTURE_TEST_CASE(keeps_what_it_took_while_the_store_is_away, consumer_fixture) {
  pump();
  store->go_away();
  write("first");
  pump();
  write("second");
  pump();
  BOOST_TEST(paused_for() == "store");
  BOOST_TEST(log.topic.size() == 1u);
  BOOST_TEST(log.committed.empty());
  store->come_back();
  BOOST_TEST(wait_until([&] {
    pump();
    return is_stored("second");
  }));
  BOOST_TEST(is_stored("first"));
  BOOST_TEST(paused_for() == "");
}

BOOST_FIXTURE_TEST_CASE(commits_what_is_stored_when_it_ends, consumer_fixture) {
  write("a");
  write("b");
  pump();
  world.kill(consumer, caf::exit_reason::user_shutdown);
  BOOST_TEST(is_stored("b"));
  BOOST_TEST((log.committed == kafka_positions{{0, 2}}));
}

BOOST_FIXTURE_TEST_CASE(stands_by_while_the_group_gives_it_no_partition, consumer_fixture) {
  log.facts.connected = true;
  pump();
  BOOST_TEST(log.doing == "standing by, as the group gave it no partition");
  BOOST_TEST(health->reasons_degraded().empty()); // spare members are usual
  log.facts.partitions = 1;
  BOOST_TEST(wait_until([&] {
    pump();
    return log.doing == "waiting for messages";
  }));
}

BOOST_FIXTURE_TEST_CASE(says_what_it_waits_for_while_nothing_can_be_read, consumer_fixture) {
  const auto says = [&](const char* text) {
    return wait_until([&] {
      pump();
      return log.doing == text;
    });
  };
  log.facts.trouble = "no broker is reachable";
  BOOST_TEST(says("waiting for a broker, as none is reachable"));
  log.facts.connected = true;
  log.facts.trouble = "the topic cannot be read";
  BOOST_TEST(says("waiting for the topic, which cannot be read"));
  log.facts.partitions = 1;
  log.facts.trouble.clear();
  BOOST_TEST(says("waiting for messages"));
}

BOOST_FIXTURE_TEST_CASE(reads_nothing_while_the_daemon_drains, consumer_fixture) {
  health->draining = true;
  write("late");
  pump();
  BOOST_TEST(paused_for() == "draining");
  BOOST_TEST(log.topic.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(what_a_consumer_said_ends_with_it, consumer_fixture) {
  log.facts.connected = true;
  health->draining = true;
  pump();
  BOOST_TEST(is_connected());
  BOOST_TEST(paused_for() == "draining");
  health->draining = false;
  caf::anon_send_exit(consumer, caf::exit_reason::kill);
  parts.join = [](const kafka_settings&, group_listener) -> result<std::unique_ptr<group_consumer>> {
    return fail(fault::invalid_argument, "the certificate cannot be read");
  };
  consumer = world.spawn(kafka_consumer, parts);
  pump();
  BOOST_TEST(!is_connected());
  BOOST_TEST(paused_for() == "");
}

BOOST_FIXTURE_TEST_CASE(adds_no_events_before_the_newest_profiles_are_known, events_fixture) {
  log.topic.push_back(R"({"user_id":"u","item_id":"a","timestamp":1700000000})");
  pump();
  BOOST_TEST(paused_for() == "listing");
  health->profiles_listed = true;
  pump();
  BOOST_TEST(paused_for() == "");
  BOOST_TEST(is_stored("u"));
}

BOOST_AUTO_TEST_SUITE_END()
