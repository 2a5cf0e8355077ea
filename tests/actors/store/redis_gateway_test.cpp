#include "actors/store/redis_gateway.hpp"

#include "tests/actors/actor_world.hpp"
#include "tests/actors/flaky_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

struct gateway_fixture {
  std::shared_ptr<flaky_store> store = std::make_shared<flaky_store>(make_memory_core());
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<metrics> meters = std::make_shared<metrics>();
  actor_world world;
  redis_gateway_actor gateway =
      world.spawn(redis_gateway, gateway_parts{store, health, meters, std::make_shared<actor_record>()});

  asked_ptr<store_replies> ask(std::vector<store_command> commands) {
    return world.ask<store_replies>(gateway, caf::infinite, execute_atom_v,
                                    std::make_shared<const std::vector<store_command>>(std::move(commands)));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(redis_gateway_suite, gateway_fixture)

BOOST_AUTO_TEST_CASE(answers_each_batch_with_its_own_replies_in_order) {
  const auto written = ask({write_profile{{"a", {}}, "[1]"}, write_profile{{"b", {}}, "[2]"}});
  BOOST_REQUIRE(written->reply);
  BOOST_CHECK_EQUAL((*written->reply)->size(), 2u);
  const auto read = ask({read_profile{{"b", {}}, false}, read_profile{{"a", {}}, false}});
  BOOST_REQUIRE(read->reply);
  BOOST_CHECK_EQUAL((**read->reply)[0]->value.value_or(""), "[2]");
  BOOST_CHECK_EQUAL((**read->reply)[1]->value.value_or(""), "[1]");
}

BOOST_AUTO_TEST_CASE(tells_traced_steps_when_their_pipeline_takes_them_and_is_done) {
  const auto trace =
      std::make_shared<request_trace>(request_trace::identity{}, "x", request_trace::clock::now());
  const traced_step reading(trace, "read list", trace_step::kind::store);
  const auto answer = world.ask<store_replies>(
      gateway, caf::infinite, execute_atom_v,
      store_commands(std::make_shared<const std::vector<store_command>>(2, read_list{"u"})),
      std::make_shared<const std::vector<traced_step>>(1, reading));
  BOOST_REQUIRE(answer->reply);
  const auto step = trace->steps().at(0);
  BOOST_REQUIRE(step.taken && step.done);
  BOOST_CHECK(step.begin <= *step.taken && *step.taken <= *step.done);
  BOOST_CHECK_EQUAL(step.batch, 2u);
}

BOOST_AUTO_TEST_CASE(a_step_whose_pipeline_fails_was_taken_all_the_same) {
  store->go_away();
  const auto trace =
      std::make_shared<request_trace>(request_trace::identity{}, "x", request_trace::clock::now());
  const traced_step reading(trace, "read list", trace_step::kind::store);
  world.ask<store_replies>(
      gateway, caf::infinite, execute_atom_v,
      store_commands(std::make_shared<const std::vector<store_command>>(1, read_list{"u"})),
      std::make_shared<const std::vector<traced_step>>(1, reading));
  BOOST_CHECK(trace->steps().at(0).taken && trace->steps().at(0).done);
}

BOOST_AUTO_TEST_CASE(answers_pending_requests_when_it_crashes) {
  store->crash_once();
  const auto answer = ask({read_list{"u"}, read_list{"v"}});
  BOOST_REQUIRE(answer->reply);
  BOOST_REQUIRE_EQUAL((*answer->reply)->size(), 2u);
  for (const auto& reply : **answer->reply)
    BOOST_CHECK(!reply && reply.error().cause == fault::unavailable);
  BOOST_CHECK(ask({read_list{"u"}})->failure); // it has ended
}

BOOST_AUTO_TEST_CASE(reports_the_store_connection_to_the_health_board) {
  world.run();
  BOOST_CHECK(health->store_connected);
  store->go_away();
  world.advance(1s);
  BOOST_CHECK(!health->store_connected);
  store->come_back();
  world.advance(1s);
  BOOST_CHECK(health->store_connected);
}

BOOST_AUTO_TEST_CASE(reports_what_the_store_refuses_and_when_it_serves_again) {
  health->profiles_listed = health->models_warm = true;
  world.run();
  BOOST_CHECK(health->reasons_not_ready().empty());
  store->deny_writes();
  ask({write_list{"u", "", "[]"}});
  BOOST_CHECK(health->store_refuses(store_need::storing));
  BOOST_CHECK(health->reasons_not_ready() ==
              std::vector<std::string>{"the profile store refuses to store lists: denied by the test"});
  store->allow_writes();
  world.advance(1s);
  BOOST_CHECK(health->reasons_not_ready().empty());
}

BOOST_AUTO_TEST_CASE(reports_a_full_store_and_when_it_has_room_again) {
  const auto board = std::make_shared<health_board>();
  const auto tiny = make_memory_core(1000);
  const auto own = world.spawn(redis_gateway, gateway_parts{std::make_shared<flaky_store>(tiny), board,
                                                            meters, std::make_shared<actor_record>()});
  world.run();
  BOOST_CHECK(board->reasons_degraded().empty());
  memory_store other(tiny);
  const std::vector<store_command> writes{write_profile{{"a", {}}, std::string(600, ' ')},
                                          write_profile{{"b", {}}, std::string(600, ' ')}};
  other.execute(writes);
  world.advance(1s);
  BOOST_CHECK(
      board->reasons_degraded() ==
      std::vector<std::string>{"the profile store is full: it may take no more memory (--memory-limit)"});
  const store_command removal = erase_profile{{"a", {}}};
  other.execute({&removal, 1});
  world.advance(1s);
  BOOST_CHECK(board->reasons_degraded().empty());
}

BOOST_AUTO_TEST_SUITE_END()
