#include "actors/status/health_board.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

namespace {

using strings = std::vector<std::string>;

struct board_fixture {
  board_fixture() {
    board.models_warm = board.profiles_listed = true;
    state.connected = true;
    board.store_state(state);
  }

  void trouble(store_need need, const std::string& reason) {
    state.troubles[static_cast<std::size_t>(need)] = store_trouble{reason, "what Redis says"};
    board.store_state(state);
  }

  health_board board;
  store_state state;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(health_board_suite, board_fixture)

BOOST_AUTO_TEST_CASE(is_ready_if_all_is_well) {
  BOOST_TEST(board.reasons_not_ready().empty());
  BOOST_TEST(board.reasons_degraded().empty());
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_requests_cannot_be_served) {
  trouble(store_need::reading, "Redis is loading its data");
  trouble(store_need::storing, "Redis is out of memory");
  BOOST_CHECK((board.reasons_not_ready() ==
               strings{"the profile store refuses to return profiles: Redis is loading its data",
                       "the profile store refuses to store lists: Redis is out of memory"}));
  state.troubles = {};
  board.store_state(state);
  BOOST_TEST(board.reasons_not_ready().empty());
}

BOOST_AUTO_TEST_CASE(is_degraded_while_only_the_list_of_profiles_is_missing) {
  board.profiles_listed = false;
  BOOST_TEST(board.reasons_not_ready() == strings{"the profiles in the store are being listed"},
             boost::test_tools::per_element());
  trouble(store_need::listing, "Redis denies SCAN to user old");
  BOOST_TEST(board.reasons_not_ready().empty());
  BOOST_TEST(board.reasons_degraded() ==
                 strings{"the profile store refuses to list its profiles: Redis denies SCAN to user old"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_degraded_while_rules_do_not_fit_the_items) {
  board.rules_left_out({"filter: a", "boost[0].filter: b", "diversity: c", "placements.cart.filter: d"});
  BOOST_TEST(board.reasons_not_ready().empty());
  BOOST_TEST(board.reasons_degraded() ==
                 strings{"rules that do not fit the items are not applied: filter: a; boost[0].filter: b; "
                         "diversity: c; and 1 more"},
             boost::test_tools::per_element());
  board.rules_left_out({});
  BOOST_TEST(board.reasons_degraded().empty());
}

BOOST_AUTO_TEST_CASE(is_degraded_while_there_is_no_connection_to_list_the_profiles) {
  board.profiles_listed = false;
  board.listing_trouble("Redis has too many clients");
  BOOST_TEST(board.reasons_not_ready().empty());
  BOOST_TEST(board.reasons_degraded() ==
                 strings{"the profiles in the store cannot be listed: Redis has too many clients"},
             boost::test_tools::per_element());
  board.listing_trouble({});
  BOOST_TEST(board.reasons_degraded().empty());
  BOOST_TEST(!board.reasons_not_ready().empty());
}

BOOST_AUTO_TEST_CASE(is_degraded_while_the_store_has_no_room) {
  state.full_because = "its disk is full";
  board.store_state(state);
  BOOST_TEST(board.reasons_not_ready().empty());
  BOOST_TEST(board.reasons_degraded() == strings{"the profile store is full: its disk is full"},
             boost::test_tools::per_element());
  state.full_because.clear();
  board.store_state(state);
  BOOST_TEST(board.reasons_degraded().empty());
}

BOOST_AUTO_TEST_CASE(says_why_the_store_refuses_the_connection) {
  trouble(store_need::reading, "Redis is loading its data");
  state.connected = false;
  board.store_state(state);
  BOOST_TEST(board.reasons_not_ready() == strings{"the profile store is not connected"},
             boost::test_tools::per_element());
  BOOST_TEST(!board.store_refuses(store_need::reading)); // nothing is known
  state.refused_because = "AUTH: Redis requires a password";
  board.store_state(state);
  BOOST_TEST(board.reasons_not_ready() ==
                 strings{"the profile store is not connected: AUTH: Redis requires a password"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_the_stores_round_trips_do_not_fit_into_the_deadline) {
  health_board strict(std::chrono::milliseconds(500));
  strict.models_warm = strict.profiles_listed = true;
  const auto reasons_at = [&](std::optional<std::chrono::milliseconds> takes) {
    state.request_takes = takes;
    strict.store_state(state);
    board.store_state(state); // which knows no deadline
    BOOST_TEST(board.reasons_not_ready().empty());
    BOOST_TEST(strict.reasons_degraded().empty());
    return strict.reasons_not_ready();
  };
  const strings late{
      "the round trips of a request to the profile store take about 700 ms, longer than --deadline 500ms"};
  BOOST_TEST(reasons_at(std::nullopt).empty());
  BOOST_TEST(reasons_at(std::chrono::milliseconds(500)).empty());
  BOOST_TEST(reasons_at(std::chrono::milliseconds(601)) == late, boost::test_tools::per_element());
  BOOST_TEST(reasons_at(std::chrono::milliseconds(699)) == late, boost::test_tools::per_element());
  BOOST_TEST(strict.store_lateness() == late.front());
  BOOST_TEST(reasons_at(std::chrono::milliseconds(400)).empty());
  BOOST_TEST(strict.store_lateness() == "");
  reasons_at(std::chrono::milliseconds(601));
  state.connected = false;
  strict.store_state(state);
  BOOST_TEST(strict.reasons_not_ready() == strings{"the profile store is not connected"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_an_indispensable_actor_is_stuck) {
  board.stuck({"profile_poller"});
  BOOST_TEST(board.reasons_not_ready() == strings{"profile_poller is stuck"},
             boost::test_tools::per_element());
  board.stuck({});
  BOOST_TEST(board.reasons_not_ready().empty());
}

BOOST_AUTO_TEST_CASE(is_degraded_but_ready_while_what_clients_said_is_not_kept) {
  board.items_unkept("items: cannot be written: No space left on device");
  BOOST_TEST(board.reasons_not_ready().empty());
  BOOST_TEST(board.reasons_degraded() == strings{"what clients said about items is not kept over a restart: "
                                                 "items: cannot be written: No space left on device"},
             boost::test_tools::per_element());
  board.items_unkept({});
  BOOST_TEST(board.reasons_degraded().empty());
}

BOOST_AUTO_TEST_CASE(is_degraded_but_ready_while_nothing_is_read_from_kafka) {
  board.kafka_trouble("no broker is reachable");
  BOOST_TEST(board.reasons_degraded() ==
                 std::vector<std::string>{"nothing is read from Kafka: no broker is reachable"},
             boost::test_tools::per_element());
  const auto before = board.reasons_not_ready();
  board.kafka_trouble({});
  BOOST_TEST(board.reasons_degraded().empty());
  BOOST_TEST(board.reasons_not_ready() == before, boost::test_tools::per_element());
  board.stage("kafka_consumer").down = true;
  BOOST_TEST(board.reasons_degraded() == std::vector<std::string>{"kafka_consumer is down"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
