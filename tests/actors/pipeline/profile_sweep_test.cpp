#include "actors/pipeline/profile_sweep.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// A sweep whose clock the test advances. It is due every second without announcements, every minute with
/// them.
struct sweep_fixture {
  void sweep_once(std::chrono::milliseconds takes) {
    sweep.begin(now);
    sweep.finish(now += takes);
  }

  bool is_due_after(std::chrono::milliseconds time) const { return sweep.is_due(now + time); }

  profile_sweep sweep{poller_settings{1s, 60s}};
  profile_sweep::clock::time_point now = profile_sweep::clock::now();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_sweep_suite, sweep_fixture)

BOOST_AUTO_TEST_CASE(is_due_immediately_at_the_start) {
  BOOST_TEST(sweep.is_overdue());
  BOOST_TEST(is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(is_due_at_the_poll_interval_without_announcements) {
  sweep_once(0ms);
  BOOST_TEST(!is_due_after(999ms));
  BOOST_TEST(is_due_after(1s));
}

BOOST_AUTO_TEST_CASE(is_due_at_the_sweep_interval_with_announcements) {
  BOOST_TEST(sweep.tracked(true));
  BOOST_TEST(!sweep.tracked(true)); // no change
  sweep_once(0ms);
  BOOST_TEST(!is_due_after(59'999ms));
  BOOST_TEST(is_due_after(60s));
  BOOST_TEST(sweep.tracked(false));
  BOOST_TEST(is_due_after(1s));
}

BOOST_AUTO_TEST_CASE(is_due_immediately_after_missed_changes) {
  sweep_once(0ms);
  sweep.changes_missed();
  BOOST_TEST(is_due_after(0ms));
  sweep_once(0ms);
  BOOST_TEST(!is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(sweeps_for_older_profiles_take_at_most_a_twentieth_of_the_time) {
  sweep.tracked(true);
  sweep_once(100ms); // began 100 ms ago
  sweep.want_older();
  BOOST_TEST(!is_due_after(1'899ms));
  BOOST_TEST(is_due_after(1'900ms));
}

BOOST_AUTO_TEST_CASE(is_due_immediately_after_a_failure) {
  sweep_once(0ms);
  sweep.begin(now);
  BOOST_TEST(sweep.is_under_way());
  sweep.break_off();
  BOOST_TEST(!sweep.is_under_way());
  BOOST_TEST(is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(a_problem_is_new_only_once_until_a_sweep_succeeds) {
  BOOST_TEST(sweep.note_problem("denied"));
  BOOST_TEST(!sweep.note_problem("denied"));
  BOOST_TEST(sweep.note_problem("loading"));
  sweep_once(0ms);
  BOOST_TEST(sweep.note_problem("loading"));
}

BOOST_AUTO_TEST_SUITE_END()
