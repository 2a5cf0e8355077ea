#include "bookshop.hpp"
#include "running_daemon.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/scoped_actor.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

/// Whether a request is served; while an actor is away, all kinds of refusals are in order.
bool served(const running_daemon& daemon) {
  try {
    return daemon.http().post("/recommend/u").status == 200;
  } catch (const std::runtime_error&) { // the HTTP server itself is the one that is away
    return false;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(supervisor_suite)

BOOST_AUTO_TEST_CASE(starts_what_dies_anew) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  BOOST_REQUIRE(served(daemon));
  const auto children = daemon.children();
  BOOST_TEST(children == (std::vector<std::string>{"admin_server", "candidate_generator", "change_listener",
                                                   "din_ranker", "http_server", "introspector",
                                                   "metrics_aggregator", "profile_poller", "ranknet_ranker",
                                                   "recommender", "redis_gateway"}),
             boost::test_tools::per_element());
  double restarts = 0;
  std::size_t length = 5;
  for (const auto& child : children) {
    BOOST_TEST_CONTEXT("killed: " << child) {
      daemon.kill(child);
      ++restarts;
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
      daemon.write("u", history_json(length += 10)); // long enough to change the list
      daemon.wait_for_list("u", before);
      BOOST_CHECK(wait_until([&] { return daemon.health().in_flight == 0; }));
    }
  }
  BOOST_CHECK_EQUAL(daemon.fatal(), "");
}

BOOST_AUTO_TEST_CASE(gives_up_on_an_actor_that_keeps_dying) {
  running_daemon daemon;
  for (int deaths = 1; deaths <= 5; ++deaths) {
    daemon.kill("metrics_aggregator");
    BOOST_REQUIRE(wait_until([&] { return daemon.metric("winnow_supervisor_restarts_total") == deaths; }));
    BOOST_REQUIRE(wait_until([&] { return daemon.http().get("/metrics").status == 200; }));
    BOOST_CHECK_EQUAL(daemon.fatal(), "");
  }
  daemon.kill("metrics_aggregator");
  BOOST_REQUIRE(wait_until([&] { return !daemon.fatal().empty(); }));
  BOOST_CHECK(daemon.fatal().find("metrics_aggregator died 6 times") == 0);
}

BOOST_AUTO_TEST_CASE(answers_while_the_gateway_crashes_and_serves_on) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  daemon.store().crash_once();
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/u").status, 503);
  BOOST_CHECK(wait_until([&] { return served(daemon); }));
}

BOOST_AUTO_TEST_CASE(serves_new_models_after_a_reload) {
  running_daemon daemon;
  daemon.write("u", history_json(5));
  daemon.wait_for_list("u");
  const auto computed = daemon.metric("winnow_poller_profiles_changed_total");
  caf::anon_send(daemon.handle(), reload_atom_v, bookshop_of_version("0123456789abcdef"));
  BOOST_CHECK(wait_until([&] {
    return daemon.http().post("/recommend/u").body.find(R"("model_version":"0123456789abcdef")") !=
           std::string::npos;
  }));
  BOOST_CHECK(wait_until([&] { return daemon.metric("winnow_poller_profiles_changed_total") > computed; }));
}

BOOST_AUTO_TEST_CASE(goes_on_after_the_store_was_away) {
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
