#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace winnow::test;

namespace {

/// A daemon with eight requests in flight that wait for a hanging Redis.
struct busy_fixture {
  redis_server redis;
  daemon_process shop{flags_for(redis)};
  std::vector<std::future<unsigned>> requests;

  busy_fixture() {
    shop.wait_until_ready();
    redis.call({"SET", "user_profile:u", books(4)});
    wait_for_list(redis, "u");
    BOOST_REQUIRE(wait_until([this] { return shop.metric(in_flight) == 0; }));
    redis.freeze();
    for (int i = 0; i < 8; ++i)
      requests.push_back(recommend_later(shop, "u"));
    BOOST_REQUIRE(wait_until([this] { return shop.metric(in_flight) == 8; }));
  }

  /// Sends SIGTERM and waits until the daemon accepts no more connections.
  void terminate() {
    shop.signal(SIGTERM);
    BOOST_REQUIRE(wait_until([this] { return !shop.http().accepted(); }));
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(shutdown)

BOOST_FIXTURE_TEST_CASE(finishes_requests_in_flight, busy_fixture) {
  terminate();
  BOOST_CHECK(!shop.wait(std::chrono::milliseconds(0)));
  redis.thaw();
  for (auto& request : requests)
    BOOST_CHECK_EQUAL(request.get(), 200u);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  BOOST_CHECK(shop.errors().find("unfinished_requests=0") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(signals_that_come_together_are_one_order, busy_fixture) {
  shop.signal(SIGTERM);
  shop.signal(SIGTERM);
  BOOST_REQUIRE(wait_until([this] { return !shop.http().accepted(); }));
  redis.thaw();
  for (auto& request : requests)
    BOOST_CHECK_EQUAL(request.get(), 200u);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
}

BOOST_FIXTURE_TEST_CASE(ignores_other_signals, busy_fixture) {
  shop.signal(SIGUSR1);
  shop.signal(SIGUSR2);
  redis.thaw();
  for (auto& request : requests)
    BOOST_CHECK_EQUAL(request.get(), 200u);
  terminate();
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
}

BOOST_FIXTURE_TEST_CASE(explains_the_signal_of_a_mapping_that_is_gone, busy_fixture) {
  shop.signal(SIGBUS);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 128 + SIGBUS);
  BOOST_CHECK(shop.errors().find("winnowd: SIGBUS: a mapped file") != std::string::npos);
  redis.thaw();
}

BOOST_FIXTURE_TEST_CASE(stops_at_once_on_a_later_signal, busy_fixture) {
  terminate();
  std::optional<int> code;
  BOOST_CHECK(wait_until([&] { // those that come at once are the same order
    shop.signal(SIGTERM);
    code = shop.wait(std::chrono::milliseconds(0));
    return code.has_value();
  }));
  BOOST_CHECK_EQUAL(code.value_or(-1), 128 + SIGTERM);
  for (auto& request : requests)
    BOOST_CHECK_EQUAL(request.get(), 0u);
}

BOOST_AUTO_TEST_CASE(waits_no_longer_than_the_drain_timeout) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--drain-timeout", "0ms", "--command-timeout", "500ms"}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  BOOST_REQUIRE(wait_until([&] { return shop.metric(in_flight) == 0; }));
  redis.freeze();
  auto request = recommend_later(shop, "u");
  BOOST_REQUIRE(wait_until([&] { return shop.metric(in_flight) == 1; }));
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(request.get(), 503u);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  BOOST_CHECK(shop.errors().find("stopped") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(serves_while_load_balancers_notice_that_it_leaves) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--shutdown-delay", "1h"}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  shop.signal(SIGTERM);
  shop.signal(SIGTERM); // the same order, as `timeout` sends it to the process and to its group
  BOOST_REQUIRE(wait_until([&] { return shop.http().get("/readyz").status == 503; }));
  BOOST_CHECK_EQUAL(shop.http().get("/readyz").body, R"({"status":"not ready","reasons":["shutting down"]})");
  BOOST_CHECK_EQUAL(shop.http().get("/livez").status, 200u);
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 200u);
  redis.call({"SET", "user_profile:v", books(4)}); // changed profiles get their lists, too
  wait_for_list(redis, "v");
  BOOST_CHECK(shop.wait_for_error_line("leaving delay_ms=3600000"));
  shop.signal(SIGHUP); // tokens and certificates may change meanwhile, and models
  const auto first_load = shop.errors().find("models loading");
  BOOST_CHECK(
      wait_until([&] { return shop.errors().find("models loading", first_load + 1) != std::string::npos; }));
  shop.signal(SIGTERM); // ends the delay, and drains
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  BOOST_CHECK(shop.errors().find("unfinished_requests=0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stops_by_itself_when_the_delay_is_over) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--shutdown-delay", "300ms"}));
  shop.wait_until_ready();
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  BOOST_CHECK(shop.errors().find("leaving delay_ms=300") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stops_cleanly_on_sigterm_and_sigint) {
  for (const int number : {SIGTERM, SIGINT}) {
    redis_server redis;
    daemon_process shop(flags_for(redis));
    shop.wait_until_ready();
    shop.signal(number);
    BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
    BOOST_CHECK(!shop.http().accepted());
  }
}

BOOST_AUTO_TEST_CASE(stops_cleanly_while_redis_is_down) {
  redis_server redis;
  redis.stop();
  daemon_process shop(flags_for(redis));
  shop.wait_for_port();
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
}

BOOST_AUTO_TEST_SUITE_END()
