#include "actors/poller/write_refusals.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct refusals_fixture {
  backoff::clock::time_point now{};
  write_refusals refusals{backoff(
      200ms, 5000ms, [this] { return now; }, [] { return 1.0; })};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(write_refusals_suite, refusals_fixture)

BOOST_AUTO_TEST_CASE(tries_one_list_at_a_time_until_one_is_stored) {
  BOOST_TEST(refusals.limit(128) == 128u);
  refusals.refused();
  BOOST_TEST(refusals.limit(128) == 1u);
  BOOST_TEST(refusals.pause().count() > 0);
  now += 1h;
  BOOST_TEST(refusals.pause().count() == 0);
  BOOST_TEST(refusals.limit(128) == 1u);
  refusals.stored("a");
  BOOST_TEST(refusals.limit(128) == 128u);
}

BOOST_AUTO_TEST_CASE(pauses_grow_until_a_list_is_stored) {
  refusals.refused();
  const auto first = refusals.pause();
  refusals.refused();
  BOOST_TEST(refusals.pause().count() > first.count());
  for (int i = 0; i < 10; ++i)
    refusals.refused();
  BOOST_TEST(refusals.pause().count() == 5000);
  refusals.stored("a");
  refusals.refused();
  BOOST_TEST(refusals.pause().count() == first.count());
}

BOOST_AUTO_TEST_CASE(nobody_is_denied_alone_while_all_are) {
  refusals.stored("a");
  for (int i = 0; i < 3; ++i)
    for (const char* user : {"a", "b", "c"})
      BOOST_TEST(!refusals.is_denied_alone(user));
}

BOOST_AUTO_TEST_CASE(a_user_is_denied_alone_if_others_are_stored_between_two_tries) {
  BOOST_TEST(!refusals.is_denied_alone("denied"));
  refusals.stored("other");
  BOOST_TEST(refusals.is_denied_alone("denied"));
  refusals.stored("other");
  BOOST_TEST(refusals.is_denied_alone("denied"));
}

BOOST_AUTO_TEST_CASE(forgets_a_denial_once_the_users_list_is_stored) {
  BOOST_TEST(!refusals.is_denied_alone("u"));
  refusals.stored("u");
  BOOST_TEST(!refusals.is_denied_alone("u"));
}

BOOST_AUTO_TEST_SUITE_END()
