#include "redis/connection/round_trips.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct fixture {
  /// One reply that took this long.
  void reply(std::chrono::milliseconds time, std::chrono::milliseconds later) {
    now += later;
    trips.took(time, now);
  }

  /// In milliseconds; -1: nothing is known.
  std::int64_t quickest() const {
    const auto found = trips.quickest(now);
    return found ? std::chrono::duration_cast<std::chrono::milliseconds>(*found).count() : -1;
  }

  round_trips::clock::time_point now{1h};
  round_trips trips;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(round_trips_suite, fixture)

BOOST_AUTO_TEST_CASE(a_single_reply_tells_nothing) {
  BOOST_TEST(quickest() == -1);
  reply(400ms, 250ms);
  BOOST_TEST(quickest() == -1);
  reply(900ms, 1100ms); // a server that is asked once a second is known as well
  BOOST_TEST(quickest() == 400);
}

BOOST_AUTO_TEST_CASE(a_late_reply_between_quick_ones_does_not_count) {
  reply(1ms, 250ms);
  for (int i = 0; i < 20; ++i) {
    reply(900ms, 250ms);
    reply(2ms, 250ms);
    BOOST_TEST(quickest() <= 2);
  }
}

BOOST_AUTO_TEST_CASE(follows_a_server_that_becomes_slow_within_seconds_and_quick_at_once) {
  for (int i = 0; i < 10; ++i)
    reply(1ms, 250ms);
  BOOST_TEST(quickest() == 1);
  for (int i = 0; i < 9; ++i) // two seconds and a little
    reply(300ms, 250ms);
  BOOST_TEST(quickest() == 300);
  reply(1ms, 250ms);
  BOOST_TEST(quickest() == 1);
}

BOOST_AUTO_TEST_CASE(forgets_a_server_that_is_not_asked_any_more) {
  reply(300ms, 250ms);
  reply(300ms, 250ms);
  now += 9s;
  BOOST_TEST(quickest() == 300);
  now += 1s;
  BOOST_TEST(quickest() == -1);
}

BOOST_AUTO_TEST_SUITE_END()
