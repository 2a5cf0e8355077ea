#include "actors/runtime/restart_history.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// A history with a manual clock and without random extensions of the pauses.
struct history_fixture {
  restart_history::verdict die_after(std::chrono::milliseconds time) {
    now += time;
    return history.died(now);
  }

  restart_policy policy;
  restart_history history{policy, [] { return 0.0; }};
  restart_history::clock::time_point now = restart_history::clock::now();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(restart_history_suite, history_fixture)

BOOST_AUTO_TEST_CASE(doubles_the_pause_with_each_death_in_a_row) {
  BOOST_CHECK(die_after(0ms).pause == 100ms);
  BOOST_CHECK(die_after(1s).pause == 200ms);
  BOOST_CHECK(die_after(1s).pause == 400ms);
  BOOST_CHECK(die_after(11s).pause == 100ms); // it had recovered
}

BOOST_AUTO_TEST_CASE(never_pauses_longer_than_the_cap) {
  std::chrono::milliseconds longest{};
  for (int death = 0; death < 100; ++death)
    longest = std::max(longest, die_after(1s).pause);
  BOOST_CHECK(longest == policy.longest_pause);
}

BOOST_AUTO_TEST_CASE(extends_pauses_randomly_by_up_to_half) {
  restart_history drawn(policy, [] { return 0.9999; });
  const auto pause = drawn.died(now).pause;
  BOOST_CHECK(pause > 140ms && pause <= 150ms);
}

BOOST_AUTO_TEST_CASE(tolerates_the_number_of_deaths_given_by_the_intensity) {
  for (std::size_t death = 1; death <= policy.intensity; ++death)
    BOOST_CHECK(!die_after(1s).exhausted);
  const auto last = die_after(1s);
  BOOST_CHECK(last.exhausted);
  BOOST_CHECK_EQUAL(last.deaths, 6u);
}

BOOST_AUTO_TEST_CASE(forgets_deaths_outside_the_window) {
  for (int death = 0; death < 50; ++death)
    BOOST_CHECK(!die_after(2100ms).exhausted);
}

BOOST_AUTO_TEST_CASE(is_exhausted_again_by_a_death_on_trial) {
  for (int death = 0; death < 6; ++death)
    die_after(10ms);
  const auto failed = die_after(9s); // the first six deaths are about to leave the window
  BOOST_CHECK(failed.exhausted);
  const auto again = die_after(failed.pause + 9s);
  BOOST_CHECK(again.exhausted);
  BOOST_CHECK(again.pause > failed.pause);
  BOOST_CHECK(!die_after(again.pause + 11s).exhausted); // the trial is over
}

BOOST_AUTO_TEST_SUITE_END()
