#include "actors/message_types.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/scoped_actor.hpp>
#include <future>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

/// Returns whether a request is served. While an actor restarts, any refusal is acceptable.
bool served(const running_daemon& daemon) {
  try {
    return daemon.http().post("/recommend/u").status == 200;
  } catch (const std::runtime_error&) { // the HTTP server itself is restarting
    return false;
  }
}

/// Returns the daemon's tree with pauses that are short enough for tests.
supervision_tree hasty_supervision() {
  auto tree = daemon_supervision();
  tree.root.first_pause = 1ms;
  for (auto& group : tree.groups)
    for (auto& child : group.children) {
      child.policy.first_pause = group.name == "stages" ? 20ms : 1ms; // the sixth is long enough to observe
      child.policy.longest_pause = group.name == "stages" ? 2000ms : 1ms;
    }
  return tree;
}

actor_status status_of(running_daemon& daemon, const std::string& name) {
  for (const auto& place : daemon.tree().places())
    if (place.record->name() == name)
      return place.record->status();
  BOOST_FAIL("no actor " << name);
  return {};
}

/// Kills an actor `times` times. Waits before each kill until it runs again.
void kill_again_and_again(running_daemon& daemon, const std::string& name, int times) {
  for (int death = 0; death < times; ++death) {
    BOOST_REQUIRE(wait_until([&] { return status_of(daemon, name).state == actor_state::running; }));
    const auto before = status_of(daemon, name).restarts;
    daemon.kill(name);
    BOOST_REQUIRE(wait_until([&] { return status_of(daemon, name).restarts > before; }));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(supervisor_suite)

BOOST_AUTO_TEST_CASE(restarts_actors_that_die) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  BOOST_REQUIRE(served(daemon));
  const auto children = daemon.children();
  BOOST_TEST(children == (std::vector<std::string>{"admin_server", "background_gateway",
                                                   "candidate_generator", "change_listener", "din_ranker",
                                                   "http_server", "introspector", "item_keeper",
                                                   "metrics_aggregator", "profile_poller", "ranknet_ranker",
                                                   "recommender", "redis_gateway", "transition_learner"}),
             boost::test_tools::per_element());
  double restarts = 0;
  std::size_t length = 5;
  for (const auto& child : children) {
    BOOST_TEST_CONTEXT("killed: " << child) {
      daemon.kill(child);
      // Those after it in its group restart with it.
      restarts += child == "redis_gateway" ? 3 : child == "background_gateway" ? 2 : 1;
      BOOST_REQUIRE(
          wait_until([&] { return daemon.metric("winnow_supervisor_restarts_total") == restarts; }));
      BOOST_CHECK(wait_until([&] {
        if (!served(daemon))
          return false;
        const auto answer = daemon.http().post("/recommend/u?scores=true");
        return answer.status == 200 && answer.body.find("degraded") == std::string::npos;
      }));
      BOOST_CHECK(wait_until([&] { return daemon.http().get("/metrics").status == 200; }));
      const auto before = daemon.wait_for_list("u");
      daemon.write("u", history_json(length += 9)); // long enough to change the list
      daemon.wait_for_list("u", before);
      BOOST_CHECK(wait_until([&] { return daemon.health().in_flight == 0; }));
    }
  }
  BOOST_CHECK_EQUAL(daemon.fatal(), "");
}

BOOST_AUTO_TEST_CASE(refuses_to_start_with_an_unknown_child) {
  auto tree = daemon_supervision();
  tree.groups[1].children[2].name = "ranknet_rancer";
  std::promise<std::string> fatal;
  supervisor_parts parts;
  parts.models = bookshop();
  parts.health = std::make_shared<health_board>();
  parts.meters = std::make_shared<metrics>();
  parts.supervision = std::move(tree);
  bool started = false;
  parts.on_started = [&](const std::string&, const caf::actor&) { started = true; };
  parts.on_fatal = [&](const std::string& why) { fatal.set_value(why); };

  caf::actor_system_config config;
  winnow::add_message_types(config);
  caf::actor_system system(config);
  system.spawn<caf::detached>(supervisor, std::move(parts));
  system.await_all_actors_done();
  BOOST_TEST(fatal.get_future().get().find("ranknet_rancer") != std::string::npos);
  BOOST_TEST(!started);
}

BOOST_AUTO_TEST_CASE(restarts_a_group_once_and_then_reports_a_fatal_error) {
  running_daemon daemon(running_daemon::usual_settings(), hasty_supervision());
  kill_again_and_again(daemon, "metrics_aggregator", 6);
  BOOST_CHECK(wait_until([&] { return status_of(daemon, "http").restarts == 1; }));
  BOOST_CHECK(wait_until([&] { return daemon.http().get("/metrics").status == 200; }));
  BOOST_CHECK_EQUAL(status_of(daemon, "http_server").restarts, 1u); // it was restarted with its group
  BOOST_CHECK_EQUAL(status_of(daemon, "recommender").restarts, 0u);
  BOOST_CHECK_EQUAL(daemon.fatal(), "");
  kill_again_and_again(daemon, "metrics_aggregator", 6);
  BOOST_REQUIRE(wait_until([&] { return !daemon.fatal().empty(); }));
  BOOST_CHECK(daemon.fatal().find("metrics_aggregator died 6 times") == 0);
}

BOOST_AUTO_TEST_CASE(leaves_out_a_stage_that_keeps_dying_until_it_recovers) {
  running_daemon daemon(running_daemon::usual_settings(), hasty_supervision());
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  kill_again_and_again(daemon, "ranknet_ranker", 6);
  BOOST_CHECK(wait_until([&] { return daemon.health().stage("ranknet_ranker").down.load(); }));
  BOOST_CHECK_EQUAL(daemon.http().get("/readyz").body,
                    R"({"status":"degraded","reasons":["ranknet_ranker is down"]})");
  BOOST_CHECK_EQUAL(daemon.http().get("/readyz").status, 200);
  const auto answer = daemon.http().post("/recommend/u");
  BOOST_CHECK_EQUAL(answer.status, 200);
  BOOST_CHECK(answer.body.find(R"("degraded":["ranknet: unavailable"])") != std::string::npos);
  BOOST_CHECK_EQUAL(daemon.fatal(), "");
  BOOST_CHECK(
      wait_until([&] { return daemon.http().get("/readyz").body.find("degraded") == std::string::npos; }));
  BOOST_CHECK(daemon.http().post("/recommend/u").body.find("degraded") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_503_while_candidate_generation_is_down) {
  running_daemon daemon(running_daemon::usual_settings(), hasty_supervision());
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  daemon.faults().inject("candidate_generator", {injected_fault::crash, 0, 0ms});
  BOOST_REQUIRE(wait_until([&] {
    daemon.http().post("/recommend/u");
    return daemon.health().stage("candidate_generator").down.load();
  }));
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/u").status, 503);
  BOOST_CHECK_EQUAL(daemon.http().get("/readyz").status, 503);
  daemon.faults().clear();
  BOOST_CHECK(wait_until([&] { return served(daemon); }));
  BOOST_CHECK(wait_until([&] { return daemon.http().get("/readyz").status == 200; }));
}

BOOST_AUTO_TEST_CASE(keeps_serving_while_every_worker_of_a_ranker_hangs) {
  auto options = running_daemon::usual_settings();
  options.pipeline.deadline = 400ms;
  options.admin.stuck_after = 100ms;
  running_daemon daemon(options);
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  daemon.faults().inject("din_ranker", {injected_fault::hang, 2, 0ms});
  std::size_t degraded = 0;
  BOOST_REQUIRE(wait_until([&] {
    const auto answer = daemon.http().post("/recommend/u");
    BOOST_CHECK_EQUAL(answer.status, 200);
    degraded += answer.body.find(R"("degraded":["din: )") != std::string::npos ? 1 : 0;
    return status_of(daemon, "din_ranker").state == actor_state::running && degraded >= 2 &&
           answer.body.find("degraded") == std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(lists_that_lack_a_stage_get_it_once_it_answers) {
  running_daemon daemon;
  daemon.write("asked", history_json(5));
  const auto asked = daemon.wait_for_list("asked");
  daemon.write("changed", history_json(5));
  const auto changed = daemon.wait_for_list("changed");
  daemon.write("changed", history_json(30));
  const auto before = daemon.wait_for_list("changed", changed);
  for (const char* stage : {"din_ranker", "ranknet_ranker"})
    daemon.faults().inject(stage, {injected_fault::error, 0, 0ms});
  daemon.write("changed", history_json(5));
  BOOST_CHECK(daemon.wait_for_list("changed", before) != changed);
  BOOST_CHECK(daemon.http().post("/recommend/asked").body.find("degraded") != std::string::npos);
  BOOST_CHECK(daemon.list_of("asked") != asked);
  daemon.faults().clear();
  BOOST_CHECK(wait_until([&] { return daemon.list_of("asked") == asked; }));
  BOOST_CHECK(wait_until([&] { return daemon.list_of("changed") == changed; }));
  BOOST_CHECK(wait_until([&] { return daemon.metric("winnow_poller_incomplete_lists") == 0; }));
}

BOOST_AUTO_TEST_CASE(breaks_no_connection_when_the_http_actor_dies) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  for (int death = 0; death < 3; ++death) {
    daemon.kill("http_server");
    BOOST_CHECK(wait_until([&] {
      const auto status = daemon.http().post("/recommend/u").status; // throws if the connection breaks
      BOOST_CHECK(status == 200 || status == 503);
      return status == 200;
    }));
  }
}

BOOST_AUTO_TEST_CASE(answers_503_when_the_gateway_crashes_and_then_recovers) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  daemon.store().crash_at_a_request();
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/u").status, 503);
  BOOST_CHECK(wait_until([&] { return served(daemon); }));
}

BOOST_AUTO_TEST_CASE(serves_new_models_after_a_reload) {
  running_daemon daemon;
  for (const auto* user : {"u", "nobody asks for this one"}) {
    daemon.write(user, history_json(5));
    daemon.wait_for_list(user);
  }
  const auto computed = daemon.metric("winnow_poller_profiles_changed_total");
  caf::anon_send(daemon.handle(), reload_atom_v, bookshop_of_version("0123456789abcdef"));
  BOOST_CHECK(wait_until([&] {
    return daemon.http().post("/recommend/u").body.find(R"("model_version":"0123456789abcdef")") !=
           std::string::npos;
  }));
  BOOST_CHECK(wait_until([&] { return daemon.metric("winnow_poller_profiles_changed_total") > computed; }));
}

BOOST_AUTO_TEST_CASE(a_slow_request_leaves_no_outdated_list) {
  auto options = running_daemon::usual_settings();
  options.pipeline.stage_workers = 2; // otherwise the newer profile would wait for the slow request
  running_daemon daemon(options);
  daemon.write("u", history_json(30));
  const auto newer = daemon.wait_for_list("u");
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u", newer);
  daemon.faults().inject("ranknet_ranker", {injected_fault::slow, 1, 300ms});
  auto slow = std::async(std::launch::async, [&] { return daemon.http().post("/recommend/u").status; });
  BOOST_REQUIRE(wait_until([&] { return daemon.health().in_flight == 1; }));
  daemon.write("u", history_json(30));
  BOOST_CHECK_EQUAL(slow.get(), 200u);
  BOOST_CHECK(wait_until([&] { return daemon.list_of("u") == newer; }));
}

BOOST_AUTO_TEST_CASE(recovers_after_a_store_outage) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  daemon.store().go_away();
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/u").status, 503);
  BOOST_CHECK_EQUAL(daemon.http().get("/health").status, 503);
  const auto metrics = daemon.http().get("/metrics");
  BOOST_CHECK_EQUAL(metrics.status, 200);
  BOOST_CHECK(metrics.body.find(R"("user_profiles":null)") != std::string::npos);
  daemon.write("while away", history_json(5));
  daemon.store().come_back();
  daemon.wait_for_list("while away");
  BOOST_CHECK(wait_until([&] { return daemon.http().get("/health").status == 200; }));
}

BOOST_AUTO_TEST_SUITE_END()
