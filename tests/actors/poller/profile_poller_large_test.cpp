// Large profiles, of which at most one is in flight.

#include "actors/runtime/cost_turns.hpp"
#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using manner = recommender_script::manner;

struct large_fixture : poller_fixture {
  large_fixture() { acts->how = manner::hold; }

  std::size_t large_in_flight() const {
    return static_cast<std::size_t>(std::count_if(acts->held.begin(), acts->held.end(), [](const auto& held) {
      return held.question->user_id.substr(0, 5) == "large";
    }));
  }

  /// Answers one request after the other.
  void finish_all() {
    while (!acts->held.empty()) {
      BOOST_TEST(large_in_flight() <= 1U);
      acts->release_first();
      world.run();
    }
  }

  const std::string large = R"(["1"])" + std::string(cost_turns::costly_bytes, ' ');
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_large, large_fixture)

BOOST_AUTO_TEST_CASE(large_profiles_are_in_flight_one_at_a_time_and_small_ones_beside_them) {
  pipeline.background_in_flight = 4;
  for (int i = 0; i < 10; ++i)
    write("large" + std::to_string(i), large);
  for (const char* user : {"a", "b", "c", "d", "e"})
    write(user, R"(["1"])");
  start();
  BOOST_TEST(acts->seen.size() == 4U); // the limit in flight holds for large ones, too
  finish_all();
  BOOST_TEST(acts->seen.size() == 15U);
  BOOST_TEST(metric("winnow_poller_profiles_seen_total") == 15);
  BOOST_TEST(metric("winnow_poller_pending_profiles") == 0);
  sweep();
  BOOST_TEST(acts->seen.size() == 15U);
  BOOST_TEST(metric("winnow_poller_profiles_unchanged_total") == 15);
}

BOOST_AUTO_TEST_CASE(a_large_profile_that_is_refused_removed_or_fails_stops_no_other) {
  for (const char* user : {"large1", "large2", "large3", "large4"})
    write(user, large);
  write("large0", std::string(cost_turns::costly_bytes + 1, 'x'));
  start();
  BOOST_REQUIRE_EQUAL(acts->held.size(), 1u);
  execute(erase_profile{{"large2", {}}}); // one of those that wait, or the one in flight
  store->go_away();
  acts->release_first();
  world.run();
  store->come_back();
  world.advance(200ms);
  finish_all();
  world.advance(200ms);
  finish_all();
  BOOST_TEST(metric("winnow_poller_profiles_failed_total") == 1);
  BOOST_TEST(metric("winnow_poller_pending_profiles") == 0);
  for (const char* user : {"large1", "large3", "large4"}) {
    const auto users = computed();
    BOOST_TEST(std::count(users.begin(), users.end(), user) == 1);
  }
}

BOOST_AUTO_TEST_CASE(older_large_profiles_get_their_results_one_at_a_time) {
  acts->how = manner::answer;
  write("large", R"(["1"])", "1700000009");
  start();
  acts->how = manner::hold;
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"}) {
    write("large", large, timestamp);
    announce("large", timestamp);
  }
  BOOST_TEST(acts->held.size() == 1U);
  finish_all();
  BOOST_TEST(acts->seen.size() == 4U);
  BOOST_TEST(metric("winnow_poller_pending_profiles") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
