#include "models/learning/adoption_candidates.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace winnow;

item_event by(std::uint64_t user, std::vector<std::uint32_t> before = {}) {
  return {user, std::nullopt, std::move(before)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(adoption_candidates_)

BOOST_AUTO_TEST_CASE(returns_all_events_when_enough_users_took_the_item) {
  adoption_candidates waiting(3, 10);
  BOOST_CHECK(!waiting.note("book", by(1, {5})));
  BOOST_CHECK(!waiting.note("other", by(1)));
  BOOST_CHECK(!waiting.note("book", by(2, {6, 7})));
  const auto ready = waiting.note("book", by(3));
  BOOST_REQUIRE(ready);
  BOOST_REQUIRE_EQUAL(ready->size(), 3u);
  BOOST_CHECK_EQUAL((*ready)[0].user, 1u);
  BOOST_CHECK((*ready)[1].before == std::vector<std::uint32_t>({6, 7}));
  BOOST_CHECK_EQUAL((*ready)[2].user, 3u);
  BOOST_CHECK_EQUAL(waiting.size(), 1u); // the other book
}

BOOST_AUTO_TEST_CASE(counts_each_user_once) {
  adoption_candidates waiting(2, 10);
  for (int time = 0; time < 5; ++time)
    BOOST_CHECK(!waiting.note("book", by(1)));
  const auto ready = waiting.note("book", by(2));
  BOOST_REQUIRE(ready);
  BOOST_CHECK_EQUAL(ready->size(), 2u);
}

BOOST_AUTO_TEST_CASE(one_reader_may_be_enough) {
  adoption_candidates waiting(1, 10);
  BOOST_CHECK(waiting.note("book", by(1)));
  BOOST_CHECK_EQUAL(waiting.size(), 0u);
}

BOOST_AUTO_TEST_CASE(forgets_those_that_wait_longest_if_there_are_too_many) {
  adoption_candidates waiting(2, 2);
  waiting.note("first", by(1));
  waiting.note("second", by(1));
  waiting.note("third", by(1));
  BOOST_CHECK_EQUAL(waiting.size(), 2u);
  BOOST_CHECK(waiting.note("second", by(2)));
  BOOST_CHECK(waiting.note("third", by(2)));
  BOOST_CHECK(!waiting.note("first", by(2))); // starts anew
  BOOST_CHECK(waiting.note("first", by(3)));
}

BOOST_AUTO_TEST_CASE(stays_small_however_many_items_come_and_go) {
  adoption_candidates waiting(2, 10);
  for (int item = 0; item < 1'000; ++item) {
    const auto id = std::to_string(item);
    waiting.note(id, by(1));
    if (item % 3 == 0)
      BOOST_CHECK(waiting.note(id, by(2)));
    BOOST_REQUIRE_LE(waiting.size(), 10u);
  }
  waiting.note("newest", by(1));
  BOOST_CHECK(waiting.note("newest", by(2)));
}

BOOST_AUTO_TEST_CASE(forgets_what_a_user_took) {
  adoption_candidates waiting(3, 10);
  waiting.note("both", by(1));
  waiting.note("both", by(2));
  waiting.note("alone", by(1));
  BOOST_CHECK_EQUAL(waiting.forget(1), 2u);
  BOOST_CHECK_EQUAL(waiting.forget(1), 0u);
  BOOST_CHECK_EQUAL(waiting.size(), 1u);
  BOOST_CHECK(!waiting.note("both", by(3)));
  BOOST_CHECK(waiting.note("both", by(4)));
}

BOOST_AUTO_TEST_SUITE_END()
