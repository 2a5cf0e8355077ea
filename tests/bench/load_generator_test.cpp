#include "tools/winnow-bench/load_generator.hpp"

#include "tests/bench/fake_recommender.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

using namespace winnow::bench;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> users{"A1", "A2", "A3"};

load_outcome load_on(const fake_recommender& server, std::size_t connections, double seconds, double rate) {
  load_plan plan;
  plan.port = server.port();
  plan.connections = connections;
  plan.seconds = seconds;
  plan.rate = rate;
  auto outcome = run_load(plan, users);
  BOOST_REQUIRE(outcome.has_value());
  return *outcome;
}

/// Answers all requests at once, except one that stalls the whole server.
fake_recommender::script with_a_stall(std::size_t at, std::chrono::milliseconds length,
                                      const std::string& answer = list_of(20)) {
  return [=](std::size_t number) {
    if (number == at)
      std::this_thread::sleep_for(length);
    return answer;
  };
}

} // namespace

BOOST_AUTO_TEST_SUITE(load_generator)

BOOST_AUTO_TEST_CASE(an_open_loop_counts_all_requests_due_during_a_stall) {
  fake_recommender server(with_a_stall(50, 300ms));
  const auto outcome = load_on(server, 4, 1, 200);
  // 60 of the 200 were due during the stall. They waited 0 to 300 ms, on a connection or for one.
  BOOST_CHECK_EQUAL(outcome.served.count(), 200U);
  BOOST_CHECK_EQUAL(outcome.unanswered, 0U);
  BOOST_CHECK(outcome.served.percentile(80) > 50ms);
  BOOST_CHECK(outcome.served.percentile(99) > 250ms);
}

BOOST_AUTO_TEST_CASE(times_refusals_from_when_they_were_due) {
  for (const auto& [status, latencies] : {std::pair("503 Service Unavailable", &load_outcome::refused),
                                          std::pair("504 Gateway Timeout", &load_outcome::late)}) {
    fake_recommender server(with_a_stall(50, 300ms, answer_of(status, "{}")));
    const auto outcome = load_on(server, 4, 1, 200);
    BOOST_CHECK_EQUAL((outcome.*latencies).count(), 200U);
    BOOST_CHECK((outcome.*latencies).percentile(80) > 50ms); // only 4 of the 60 were sent during the stall
  }
}

BOOST_AUTO_TEST_CASE(a_closed_loop_shows_its_longest_stall) {
  fake_recommender server(with_a_stall(5, 100ms));
  const auto outcome = load_on(server, 2, 0.3, 0);
  BOOST_CHECK(outcome.served.max() >= 100ms);
  BOOST_CHECK_EQUAL(outcome.served.count(), server.requests());
  BOOST_CHECK_EQUAL(outcome.requests, server.requests());
  BOOST_CHECK_LE(outcome.in_time, outcome.served.count());
  BOOST_CHECK_EQUAL(outcome.wrong + outcome.broken + outcome.unanswered, 0U);
}

BOOST_AUTO_TEST_CASE(counts_unanswered_requests) {
  fake_recommender server(with_a_stall(10, 600ms));
  load_plan plan;
  plan.port = server.port();
  plan.connections = 2;
  plan.seconds = 0.2;
  plan.rate = 100;
  plan.patience = 100ms;
  const auto outcome = run_load(plan, users);
  BOOST_REQUIRE(outcome);
  BOOST_CHECK_EQUAL(outcome->requests, 20U);
  BOOST_CHECK_GE(outcome->unanswered, 10U);
  BOOST_CHECK_EQUAL(outcome->served.count(), 20U);
  BOOST_CHECK(outcome->served.max() >= 100ms);
}

BOOST_AUTO_TEST_CASE(counts_refusals_and_lists_separately) {
  fake_recommender server([](std::size_t number) {
    return number % 4 == 0   ? answer_of("503 Service Unavailable", "{}")
           : number % 4 == 1 ? answer_of("504 Gateway Timeout", "{}")
                             : list_of(20);
  });
  const auto outcome = load_on(server, 1, 0.5, 200);
  BOOST_CHECK_EQUAL(outcome.requests, 100U);
  BOOST_CHECK_EQUAL(outcome.served.count(), 50U);
  BOOST_CHECK_EQUAL(outcome.refused.count(), 25U);
  BOOST_CHECK_EQUAL(outcome.late.count(), 25U);
  BOOST_CHECK_EQUAL(outcome.wrong, 0U);
}

BOOST_AUTO_TEST_CASE(counts_a_short_list_as_wrong) {
  fake_recommender server([](std::size_t) { return list_of(19); });
  const auto outcome = load_on(server, 1, 0.2, 100);
  BOOST_CHECK_EQUAL(outcome.wrong, 20U);
  BOOST_CHECK_EQUAL(outcome.served.count(), 0U);
  BOOST_CHECK_EQUAL(outcome.complaint, "status 200, a list of 19 items");
}

BOOST_AUTO_TEST_CASE(continues_after_a_lost_connection) {
  fake_recommender server([](std::size_t number) { return number == 3 ? std::string() : list_of(20); });
  const auto outcome = load_on(server, 1, 0.2, 100);
  BOOST_CHECK_EQUAL(outcome.requests, 20U);
  BOOST_CHECK_EQUAL(outcome.broken, 1U);
  BOOST_CHECK_EQUAL(outcome.served.count(), 19U);
}

BOOST_AUTO_TEST_CASE(counts_all_requests_due_after_the_server_stopped) {
  auto server = std::make_unique<fake_recommender>([](std::size_t) { return list_of(20); });
  load_plan plan;
  plan.port = server->port();
  plan.connections = 4;
  plan.seconds = 0.5;
  plan.rate = 100;
  plan.patience = 100ms;
  auto load = std::async(std::launch::async, [&] { return run_load(plan, users); });
  while (server->requests() < 5)
    std::this_thread::sleep_for(1ms);
  server.reset();
  const auto outcome = load.get();
  BOOST_REQUIRE(outcome);
  BOOST_CHECK_EQUAL(outcome->requests, 50U);
  BOOST_CHECK_GT(outcome->unanswered, 0U);
  BOOST_CHECK_EQUAL(outcome->served.count() + outcome->broken, 50U); // `served` includes the unanswered
}

BOOST_AUTO_TEST_CASE(reports_that_nothing_listens_on_the_port) {
  load_plan plan;
  plan.port = 1;
  const auto outcome = run_load(plan, users);
  BOOST_REQUIRE(!outcome);
  BOOST_CHECK(outcome.error().cause == winnow::fault::unavailable);
}

BOOST_AUTO_TEST_SUITE_END()
