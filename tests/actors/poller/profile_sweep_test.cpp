#include "actors/poller/profile_sweep.hpp"

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
  BOOST_TEST(sweep.is_overdue(now));
  BOOST_TEST(is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(is_due_at_the_poll_interval_without_announcements) {
  sweep_once(0ms);
  BOOST_TEST(!is_due_after(999ms));
  BOOST_TEST(is_due_after(1s));
}

BOOST_AUTO_TEST_CASE(is_due_at_the_sweep_interval_with_announcements) {
  BOOST_TEST(sweep.tracked(true, now));
  BOOST_TEST(!sweep.tracked(true, now)); // no change
  sweep_once(0ms);
  BOOST_TEST(!is_due_after(59'999ms));
  BOOST_TEST(is_due_after(60s));
  now += 10s;
  BOOST_TEST(sweep.tracked(false, now));
  BOOST_TEST(!is_due_after(999ms)); // most connections are back by then
  BOOST_TEST(is_due_after(1s));
}

BOOST_AUTO_TEST_CASE(is_due_immediately_after_missed_changes) {
  sweep_once(0ms);
  sweep.changes_missed();
  BOOST_TEST(is_due_after(0ms));
  sweep_once(0ms);
  BOOST_TEST(!is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(lost_announcements_cost_a_sweep_at_once_and_more_of_them_at_growing_distances) {
  sweep.tracked(true, now);
  sweep_once(0ms);
  for (const auto distance : {0s, 1s, 2s, 4s, 8s, 16s, 16s, 16s}) {
    sweep.announcements_lost(now);
    if (distance > 0s) {
      BOOST_TEST(!is_due_after(distance - 1ms));
      sweep.announcements_lost(now + distance / 2); // needs no other sweep, and postpones none
    }
    BOOST_TEST(sweep.is_behind());
    BOOST_TEST(is_due_after(distance));
    now += distance;
    sweep_once(0ms);
    BOOST_TEST(!sweep.is_behind());
  }
}

BOOST_AUTO_TEST_CASE(after_a_quiet_time_lost_announcements_are_swept_for_at_once_again) {
  sweep.tracked(true, now);
  sweep_once(0ms);
  for (int i = 0; i < 3; ++i) {
    sweep.announcements_lost(now);
    now += 16s;
    sweep_once(0ms);
  }
  now += 15'999ms - 16s; // since the last loss
  sweep.announcements_lost(now);
  BOOST_TEST(!is_due_after(0ms));
  sweep_once(0ms);
  sweep.announcements_lost(now += 16s);
  BOOST_TEST(is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(announcements_lost_during_a_sweep_need_another_one) {
  sweep.tracked(true, now);
  sweep_once(0ms);
  sweep.announcements_lost(now);
  sweep.begin(now);
  sweep.announcements_lost(now);
  now += 30s;
  sweep.finish(now);
  BOOST_TEST(!is_due_after(999ms)); // the distance counts from the end, also of a long sweep
  BOOST_TEST(is_due_after(1s));
}

BOOST_AUTO_TEST_CASE(what_must_not_wait_does_not_wait_for_lost_announcements) {
  sweep.tracked(true, now);
  sweep_once(0ms);
  sweep.announcements_lost(now);
  sweep_once(0ms);
  sweep.announcements_lost(now);
  BOOST_TEST(!is_due_after(0ms));
  sweep.changes_missed();
  BOOST_TEST(is_due_after(0ms));
}

BOOST_AUTO_TEST_CASE(the_distance_is_never_longer_than_the_sweep_interval) {
  sweep = profile_sweep(poller_settings{1s, 3s});
  for (int i = 0; i < 5; ++i) {
    sweep.announcements_lost(now);
    sweep_once(0ms);
  }
  sweep.tracked(true, now);
  sweep.announcements_lost(now);
  BOOST_TEST(!is_due_after(2'999ms));
  BOOST_TEST(is_due_after(3s));
}

BOOST_AUTO_TEST_CASE(the_distances_follow_a_short_poll_interval_and_not_a_long_one) {
  for (const auto& [poll, longest] : {std::pair(50ms, 800ms), std::pair(3'600'000ms, 16'000ms)}) {
    sweep = profile_sweep(poller_settings{poll, 1h});
    BOOST_TEST(sweep.longest_distance().count() == longest.count());
    BOOST_TEST((sweep.precision() <= std::min<std::chrono::milliseconds>(poll, 1s)));
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_keeps_breaking_is_not_swept_for_as_if_it_were_refused) {
  sweep.tracked(true, now);
  sweep_once(0ms);
  int sweeps = 0;
  for (int i = 0; i < 200; ++i, now += 100ms) { // 20 s, broken every 2 s for 0.5 s
    if (i % 20 == 0)
      sweep.tracked(false, now);
    if (i % 20 == 5) {
      sweep.tracked(true, now);
      sweep.announcements_lost(now);
    }
    if (sweep.is_due(now)) {
      sweep_once(0ms);
      ++sweeps;
    }
  }
  BOOST_TEST(sweeps == 5); // after 0.5, 2.5, 4.5, 8.5 and 16.5 s
}

BOOST_AUTO_TEST_CASE(sweeps_for_older_profiles_take_at_most_a_twentieth_of_the_time) {
  sweep.tracked(true, now);
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
