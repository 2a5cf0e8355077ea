#include "redis/backoff.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// A back-off whose clock and random numbers the test controls.
struct fixture {
  backoff::clock::time_point now{};
  double random = 0.0;
  backoff pauses{100ms, 5000ms, [this] { return now; }, [this] { return random; }};

  std::int64_t next_pause() {
    pauses.failed();
    return pauses.remaining().count();
  }

  std::vector<std::int64_t> next_pauses() {
    std::vector<std::int64_t> drawn(7);
    std::generate(drawn.begin(), drawn.end(), [this] { return next_pause(); });
    return drawn;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(backoff_suite, fixture)

BOOST_AUTO_TEST_CASE(allows_the_first_attempt_at_once) {
  BOOST_TEST(pauses.remaining().count() == 0);
}

BOOST_AUTO_TEST_CASE(doubles_the_pause_up_to_its_limit) {
  BOOST_TEST(next_pauses() == (std::vector<std::int64_t>{100, 200, 400, 800, 1600, 2500, 2500}));
}

BOOST_AUTO_TEST_CASE(draws_pauses_at_random_from_their_upper_half) {
  random = 1.0;
  BOOST_TEST(next_pauses() == (std::vector<std::int64_t>{200, 400, 800, 1600, 3200, 5000, 5000}));
}

BOOST_AUTO_TEST_CASE(counts_the_pause_down) {
  pauses.failed();
  now += 30ms;
  BOOST_TEST(pauses.remaining().count() == 70);
  now += 70ms;
  BOOST_TEST(pauses.remaining().count() == 0);
}

BOOST_AUTO_TEST_CASE(starts_over_after_a_success) {
  for (int i = 0; i < 5; ++i)
    pauses.failed();
  pauses.succeeded();
  BOOST_TEST(next_pause() == 100);
}

BOOST_AUTO_TEST_CASE(stays_within_its_limits_after_many_failures) {
  for (int i = 0; i < 10'000; ++i)
    pauses.failed();
  BOOST_TEST(pauses.remaining().count() == 2500);
  backoff equal(
      1000ms, 10ms, [this] { return now; }, [this] { return random; });
  equal.failed();
  BOOST_TEST(equal.remaining().count() == 1000);
}

BOOST_AUTO_TEST_CASE(draws_different_pauses_by_default) {
  std::vector<std::int64_t> drawn;
  for (int i = 0; i < 20; ++i) {
    backoff own(100'000ms, 1'000'000ms, [this] { return now; });
    own.failed();
    drawn.push_back(own.remaining().count());
    BOOST_TEST(drawn.back() >= 100'000);
    BOOST_TEST(drawn.back() <= 200'000);
  }
  BOOST_TEST(drawn.front() != drawn.back());
}

BOOST_AUTO_TEST_SUITE_END()
