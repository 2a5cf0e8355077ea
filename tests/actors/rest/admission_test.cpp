#include "actors/rest/admission.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct admission_fixture {
  explicit admission_fixture(admission::limits how = {10, 50ms, 50ms}) : door(how) {}

  /// Lets requests enter until one is refused or `most` are inside. Returns how many are inside.
  std::size_t fill(std::size_t most) {
    while (inside < most && door.enter(now))
      ++inside;
    return inside;
  }

  void leave(bool served = true) {
    if (served)
      door.served(took);
    door.leave(now);
    --inside;
  }

  /// For `length`, one request leaves every `interval` and `asking` others try to enter.
  void work(std::chrono::milliseconds length, std::chrono::microseconds interval, int asking = 1) {
    for (const auto end = now + length; now < end;) {
      now += interval;
      leave();
      for (int i = 0; i < asking; ++i)
        inside += door.enter(now);
    }
  }

  /// For three windows, no more than `most` are inside.
  void stay_drained(std::size_t most = 1) {
    for (int i = 0; i < 3; ++i) {
      fill(most);
      now += 100ms;
      leave();
    }
  }

  admission::clock::time_point now{1h};
  admission door;
  std::size_t inside = 0;
  std::chrono::milliseconds took{0}; // without queueing
};

/// With a shorter limit for a standing queue.
struct standing_fixture : admission_fixture {
  standing_fixture() : admission_fixture({10, 50ms, 20ms}) {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(admissions, admission_fixture)

BOOST_AUTO_TEST_CASE(admits_while_the_rate_is_unknown) {
  BOOST_TEST(fill(1000) == 1000u);
}

BOOST_AUTO_TEST_CASE(turns_away_requests_that_would_wait_too_long) {
  fill(200);
  work(2s, 1ms);             // 1,000 a second: 50 of them in 50 ms
  BOOST_TEST(inside >= 50u); // those above the limit have left
  BOOST_TEST(inside <= 52u);
  BOOST_TEST(!door.enter(now));
  leave();
  leave();
  leave();
  BOOST_TEST(door.enter(now));
}

BOOST_AUTO_TEST_CASE(admits_full_batches_however_slow_they_are) {
  fill(12);
  work(60s, 200ms); // 5 a second: none in 50 ms
  while (inside > 0)
    leave();
  BOOST_TEST(fill(1000) == 10u);
}

BOOST_AUTO_TEST_CASE(does_not_learn_the_rate_from_few_requests) {
  for (int i = 0; i < 100; ++i) { // one at a time, once a second
    BOOST_TEST(fill(1) == 1u);
    now += 1s;
    leave();
  }
  BOOST_TEST(fill(1000) == 1000u);
}

BOOST_AUTO_TEST_CASE(follows_the_rate) {
  fill(400);
  work(2s, 500us); // 2,000 a second
  BOOST_TEST(inside >= 100u);
  work(3s, 2ms); // 500 a second
  BOOST_TEST(inside <= 28u);
  BOOST_TEST(inside >= 24u);
}

BOOST_AUTO_TEST_CASE(requests_refused_further_in_do_not_affect_the_rate) {
  fill(500);
  for (int i = 0; i < 4000; ++i) { // 1,000 a second are served, 2,000 are not
    now += 1ms;
    leave();
    for (int refused = 0; refused < 2; ++refused)
      leave(false);
    fill(500);
  }
  BOOST_TEST(inside <= 52u);
}

BOOST_AUTO_TEST_CASE(time_without_queueing_does_not_count_as_waiting) {
  took = 100ms; // the store is far away
  fill(300);
  work(2s, 1ms);
  BOOST_TEST(inside >= 150u); // 100 of them are on the way to the store
  BOOST_TEST(inside <= 152u);
}

BOOST_AUTO_TEST_CASE(queueing_is_not_mistaken_for_the_round_trip_to_the_store) {
  fill(300);
  work(2s, 1ms, 2); // learns that a request takes no time without queueing
  took = 50ms;      // now all of them queue
  work(10s, 1ms, 2);
  BOOST_TEST(inside <= 52u);
}

BOOST_FIXTURE_TEST_CASE(keeps_a_standing_queue_short, standing_fixture) {
  fill(200);
  work(2s, 1ms, 2);
  BOOST_TEST(inside >= 20u);
  BOOST_TEST(inside <= 22u);
}

BOOST_FIXTURE_TEST_CASE(allows_a_long_queue_after_it_drained, standing_fixture) {
  fill(200);
  work(2s, 1ms, 2);
  while (inside > 0)
    leave();
  stay_drained();
  BOOST_TEST(fill(1000) >= 50u);
}

BOOST_FIXTURE_TEST_CASE(a_queue_has_drained_once_an_eighth_of_a_batch_is_left, admission_fixture) {
  for (const bool few : {true, false}) {
    admission_fixture one({16, 50ms, 20ms});
    one.fill(200);
    one.work(2s, 1ms, 2);
    const std::size_t left = few ? 1 : 2; // of 16
    while (one.inside > left)
      one.leave();
    one.stay_drained(left + 1);       // never fewer than that
    const auto held = one.fill(1000); // about 40 in 50 ms, or 16 in 20 ms
    BOOST_TEST((held > 30u) == few, held << " are let in");
  }
}

BOOST_AUTO_TEST_CASE(requests_that_can_wait_leave_half_of_the_room_to_others) {
  BOOST_TEST(door.enter_some(now, 3) == 3u);
  BOOST_TEST(door.enter_some(now, 200) == 2u); // 10 are always let in
  BOOST_TEST(door.enter_some(now, 200) == 0u);
  inside = 5;
  BOOST_TEST(fill(10) == 10u);
  for (int i = 0; i < 6; ++i)
    leave();
  BOOST_TEST(door.enter_some(now, 200) == 1u);
}

BOOST_AUTO_TEST_CASE(they_get_more_of_a_pipeline_that_is_quick) {
  fill(200);
  work(2s, 1ms); // 1,000 a second: 50 of them in 50 ms
  while (inside > 10)
    leave();
  const auto entered = door.enter_some(now, 200);
  BOOST_TEST(entered >= 14u); // 25 in all
  BOOST_TEST(entered <= 16u);
}

BOOST_FIXTURE_TEST_CASE(to_find_no_room_shortens_no_queue, standing_fixture) {
  fill(200);
  work(2s, 1ms); // nobody is turned away
  while (inside > 0)
    leave();
  stay_drained();
  fill(30);
  BOOST_TEST(door.enter_some(now, 200) == 0u);
  BOOST_TEST(fill(1000) >= 50u);
}

BOOST_AUTO_TEST_CASE(a_destroyed_place_admits_another_request) {
  const auto shared = std::make_shared<admission>(admission::limits{1, 0ms, 0ms});
  const auto then = admission::clock::now();
  BOOST_TEST(shared->enter(then));
  BOOST_TEST(shared->enter(then));
  { const admission::place leaves(shared); }
  { const admission::place leaves(shared); }
  BOOST_TEST(shared->enter(then));
}

BOOST_AUTO_TEST_SUITE_END()
