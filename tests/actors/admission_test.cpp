#include "actors/admission.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct admission_fixture {
  /// Lets requests in as long as that is possible. @return How many are inside then.
  std::size_t fill(std::size_t most) {
    while (inside < most && door.enter(now))
      ++inside;
    return inside;
  }

  void leave(bool served = true) {
    if (served)
      door.served();
    door.leave(now);
    --inside;
  }

  /// For `length` a request leaves every `interval`, and another takes its place if it may.
  void work(std::chrono::milliseconds length, std::chrono::microseconds interval) {
    for (const auto end = now + length; now < end;) {
      now += interval;
      leave();
      inside += door.enter(now);
    }
  }

  admission::clock::time_point now{1h};
  admission door{{10, 50ms}};
  std::size_t inside = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(admissions, admission_fixture)

BOOST_AUTO_TEST_CASE(admits_while_the_rate_is_unknown) {
  BOOST_TEST(fill(1000) == 1000u);
}

BOOST_AUTO_TEST_CASE(turns_away_who_would_wait_too_long) {
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

BOOST_AUTO_TEST_CASE(few_requests_say_nothing_of_what_can_be_done) {
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

BOOST_AUTO_TEST_CASE(who_is_refused_further_in_tells_nothing_of_the_rate) {
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

BOOST_AUTO_TEST_CASE(a_place_is_free_again_when_its_request_goes) {
  const auto shared = std::make_shared<admission>(admission::limits{1, 0ms});
  const auto then = admission::clock::now();
  BOOST_TEST(shared->enter(then));
  BOOST_TEST(shared->enter(then));
  { const admission::place leaves(shared); }
  { const admission::place leaves(shared); }
  BOOST_TEST(shared->enter(then));
}

BOOST_AUTO_TEST_SUITE_END()
