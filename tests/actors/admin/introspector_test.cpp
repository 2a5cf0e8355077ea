#include "actors/admin/introspector.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/scoped_actor.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

/// Controls when an actor answers status requests.
struct moody {
  /// Sends the oldest pending answer. Later requests are answered immediately.
  void speak(const actor_record& record) {
    silent = false;
    self->context(nullptr); // the promise would otherwise assume that this actor is running now
    owed.front().deliver(status_of(record));
  }

  bool silent = false;
  caf::local_actor* self = nullptr;
  std::vector<caf::typed_response_promise<actor_status_ptr>> owed;
};

status_actor::behavior_type moody_actor(status_actor::pointer self, std::shared_ptr<moody> mood,
                                        actor_record_ptr record) {
  self->set_exception_handler(crash_reason);
  return {[self, mood, record](status_atom) -> caf::result<actor_status_ptr> {
    if (!mood->silent)
      return status_of(*record);
    mood->self = self;
    mood->owed.push_back(self->make_response_promise<actor_status_ptr>());
    return mood->owed.back();
  }};
}

struct introspector_fixture {
  introspector_fixture() {
    root = tree->add("root", 0);
    for (const char* name : {"calm", "moody"}) {
      records.push_back(tree->add(name, root->id()));
      moods.push_back(std::make_shared<moody>());
      actors.push_back(world.spawn(moody_actor, moods.back(), records.back()));
      tree->started(*records.back(), actors.back());
    }
    introspector_parts parts{tree, history, 100ms, std::make_shared<actor_record>(), health, {"moody"}};
    parts.on_progress = [this] { ++progress; };
    tested = world.spawn(introspector, std::move(parts));
    world.run();
  }
  ~introspector_fixture() {
    for (const auto& mood : moods)
      mood->owed.clear();
    tree->close();
  }

  asked_ptr<status_report_ptr> ask() {
    return world.ask<status_report_ptr>(tested, caf::infinite, report_atom_v);
  }

  /// Whether the daemon is not ready for this reason.
  bool is_reason(const std::string& reason) const {
    const auto reasons = health->reasons_not_ready();
    return std::count(reasons.begin(), reasons.end(), reason) > 0;
  }

  actor_state state(const status_report& report, const std::string& name) {
    for (const auto& one : report.actors)
      if (one.status.name == name)
        return one.status.state;
    BOOST_FAIL("no actor " << name);
    return {};
  }

  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<activity_history> history = std::make_shared<activity_history>();
  actor_record_ptr root;
  std::vector<actor_record_ptr> records;
  std::vector<std::shared_ptr<moody>> moods;
  actor_world world;
  std::vector<status_actor> actors;
  introspector_actor tested;
  int progress = 0; ///< How often it was reported.
};

} // namespace

BOOST_AUTO_TEST_SUITE(introspector_suite)

BOOST_FIXTURE_TEST_CASE(reports_immediately_if_all_actors_answer, introspector_fixture) {
  const auto report = ask();
  BOOST_REQUIRE(report->reply);
  BOOST_CHECK_EQUAL((*report->reply)->actors.size(), 3u);
  BOOST_CHECK(state(**report->reply, "calm") == actor_state::running);
  BOOST_CHECK(state(**report->reply, "moody") == actor_state::running);
}

BOOST_FIXTURE_TEST_CASE(reports_a_dead_actor_without_waiting_for_it, introspector_fixture) {
  world.kill(actors[1]);
  const auto unseen = ask(); // before its death is noticed
  BOOST_CHECK(unseen->reply);
  tree->died(*records[1], "it had to");
  const auto report = ask();
  BOOST_REQUIRE(report->reply);
  BOOST_CHECK(state(**report->reply, "moody") == actor_state::restarting);
  BOOST_CHECK_EQUAL((*report->reply)->actors.back().status.last_error, "it had to");
}

BOOST_FIXTURE_TEST_CASE(reports_a_silent_actor_as_stuck_until_it_answers, introspector_fixture) {
  moods[1]->silent = true;
  const auto asked = ask();
  BOOST_CHECK(asked->pending());
  std::this_thread::sleep_for(110ms); // silence is measured on the real clock
  world.advance(introspector_state::patience);
  BOOST_REQUIRE(asked->reply);
  BOOST_CHECK(state(**asked->reply, "calm") == actor_state::running);
  BOOST_CHECK(state(**asked->reply, "moody") == actor_state::stuck);

  for (int i = 0; i < 5; ++i)
    world.advance(1s);
  BOOST_CHECK_EQUAL(moods[1]->owed.size(), 1u); // no further requests pile up in its mailbox
  BOOST_CHECK(is_reason("moody is stuck"));

  moods[1]->speak(*records[1]);
  world.run();
  BOOST_CHECK(!is_reason("moody is stuck"));
  const auto later = ask();
  BOOST_REQUIRE(later->reply);
  BOOST_CHECK(state(**later->reply, "moody") == actor_state::running);
}

BOOST_FIXTURE_TEST_CASE(reports_progress_only_while_indispensable_actors_answer, introspector_fixture) {
  moods[0]->silent = true; // not indispensable
  world.advance(1s);
  world.advance(1s);
  BOOST_CHECK_EQUAL(progress, 3);

  moods[1]->silent = true;
  world.advance(1s);                  // it is asked, and may take its time
  std::this_thread::sleep_for(110ms); // silence is measured on the real clock
  world.advance(1s);
  const int before = progress;
  for (int i = 0; i < 5; ++i)
    world.advance(1s);
  BOOST_CHECK_EQUAL(progress, before);

  moods[1]->speak(*records[1]);
  world.run();
  world.advance(1s);
  BOOST_CHECK_EQUAL(progress, before + 1);
}

BOOST_AUTO_TEST_CASE(every_actor_of_the_daemon_answers) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  const auto report = daemon.report();
  std::vector<std::string> names;
  for (const auto& one : report->actors) {
    names.push_back(one.status.name);
    BOOST_CHECK_MESSAGE(one.status.state == actor_state::running, one.status.name);
  }
  const std::vector<std::string> expected{
      "supervisor",          "redis_gateway",         "background_gateway",
      "candidate_generator", "candidate_generator.1", "candidate_generator.2",
      "din_ranker",          "din_ranker.1",          "din_ranker.2",
      "ranknet_ranker",      "ranknet_ranker.1",      "ranknet_ranker.2",
      "recommender",         "profile_poller",        "change_listener",
      "metrics_aggregator",  "introspector",          "http_server"};
  for (const auto& name : expected)
    BOOST_CHECK_MESSAGE(std::find(names.begin(), names.end(), name) != names.end(), name);
  for (const auto& one : report->actors)
    if (one.status.name == "recommender" || one.status.name == "din_ranker" ||
        one.status.name == "redis_gateway") {
      BOOST_CHECK_MESSAGE(one.status.handled > 0, one.status.name);
      BOOST_CHECK_MESSAGE(one.status.busy.count() > 0, one.status.name);
    }
}

BOOST_AUTO_TEST_CASE(reports_a_hanging_gateway_as_stuck_without_blocking) {
  running_daemon daemon;
  daemon.store().hang();
  const auto stuck = [&] {
    const auto begin = std::chrono::steady_clock::now();
    const auto report = daemon.report();
    BOOST_CHECK(std::chrono::steady_clock::now() - begin < 5s);
    for (const auto& one : report->actors)
      if (one.status.name == "redis_gateway")
        return one.status.state == actor_state::stuck && !one.status.doing.empty();
    return false;
  };
  BOOST_CHECK(wait_until(stuck));
  daemon.store().go_on();
  BOOST_CHECK(wait_until([&] { return !stuck(); }));
}

BOOST_AUTO_TEST_CASE(restarts_are_counted) {
  running_daemon daemon;
  daemon.kill("recommender");
  BOOST_CHECK(wait_until([&] {
    const auto report = daemon.report();
    for (const auto& one : report->actors)
      if (one.status.name == "recommender")
        return one.status.restarts == 1 && one.status.restarts_in_window == 1 &&
               one.status.state == actor_state::running && !one.status.last_error.empty();
    return false;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(activity_suite)

BOOST_AUTO_TEST_CASE(quantiles_are_accurate_to_one_bucket) {
  latency_buckets::counts counts{};
  BOOST_CHECK(latency_buckets::quantile(counts, 0.5) == 0us);
  for (int us = 1; us <= 1000; ++us)
    ++counts[latency_buckets::index_of(std::chrono::microseconds(us))];
  BOOST_CHECK_CLOSE(static_cast<double>(latency_buckets::quantile(counts, 0.5).count()), 500.0, 5.0);
  BOOST_CHECK_CLOSE(static_cast<double>(latency_buckets::quantile(counts, 0.99).count()), 990.0, 5.0);
}

BOOST_AUTO_TEST_CASE(every_latency_has_its_bucket) {
  std::size_t last = 0;
  for (std::int64_t ns = 0; ns < 100'000'000'000; ns += ns / 50 + 1) {
    const auto at = latency_buckets::index_of(std::chrono::nanoseconds(ns));
    BOOST_REQUIRE(at >= last);
    BOOST_REQUIRE(at < latency_buckets::count);
    BOOST_REQUIRE(latency_buckets::begin_of(at) <= std::chrono::nanoseconds(ns));
    if (at + 1 < latency_buckets::count)
      BOOST_REQUIRE(latency_buckets::begin_of(at + 1) > std::chrono::nanoseconds(ns));
    last = at;
  }
}

BOOST_AUTO_TEST_CASE(a_record_reports_the_activity_and_its_duration) {
  actor_record record("a", 7, 3);
  BOOST_CHECK_EQUAL(record.status().doing, "");
  {
    const activity outer(record, "working");
    BOOST_CHECK_EQUAL(record.status().doing, "working");
    {
      const activity inner(record, "looking closely");
      BOOST_CHECK_EQUAL(record.status().doing, "looking closely");
    }
    BOOST_CHECK_EQUAL(record.status().doing, "working");
    std::this_thread::sleep_for(2ms);
    BOOST_CHECK(record.busy() >= 2ms); // includes the activity in progress
  }
  const auto busy = record.busy();
  BOOST_CHECK(busy >= 2ms);
  {
    const activity waiting(record, "waiting", activity::kind::wait);
    std::this_thread::sleep_for(2ms);
  }
  BOOST_CHECK(record.busy() == busy);
}

BOOST_AUTO_TEST_CASE(history_has_rates_shares_and_quantiles) {
  activity_history history;
  const auto root = std::make_shared<actor_record>("root", 1, 0);
  const auto child = std::make_shared<actor_record>("child", 2, 1);
  const auto grandchild = std::make_shared<actor_record>("grandchild", 3, 2);
  auto now = actor_record::clock::now();
  for (int i = 0; i <= 20; ++i) {
    history.tick({root, child, grandchild}, now += 1s);
    child->took(10ms, i < 10 ? 0 : 50);
  }
  const auto figures = history.figures(2);
  BOOST_CHECK_CLOSE(figures.rate, 50.0, 0.01); // over the last 10 s
  BOOST_CHECK(figures.p50 > 9ms && figures.p50 < 12ms);
  BOOST_CHECK(figures.longest == 10ms);
  BOOST_CHECK_EQUAL(history.figures(3).rate, 0);

  const auto all = history.all();
  BOOST_CHECK_EQUAL(all.rows.size(), 21u);
  BOOST_CHECK_EQUAL(all.names.size(), 2u); // workers have no chart
  for (int i = 0; i < 700; ++i)
    history.tick({root, child}, now += 1s);
  BOOST_CHECK_EQUAL(history.all().rows.size(), activity_history::kept_samples);
  BOOST_CHECK_EQUAL(history.figures(2).rate, 0);
}

BOOST_AUTO_TEST_SUITE_END()
