#include "models/training/interactions/time_cut.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// User a takes x and y at the times 10 and 20, b takes x and z at 20 and 30, c takes y at 40.
interaction_log log_of_five() {
  interaction_log log;
  log.has_times = true;
  for (const auto* user : {"a", "b", "c"})
    log.users.insert(user);
  for (const auto* item : {"z", "x", "y"})
    log.items.insert(item);
  log.events = {{0, 1, 10}, {0, 2, 20}, {1, 1, 20}, {1, 0, 30}, {2, 2, 40}};
  return log;
}

} // namespace

BOOST_AUTO_TEST_SUITE(time_cut)

BOOST_AUTO_TEST_CASE(finds_the_time_until_which_a_share_happened) {
  const auto log = log_of_five();
  for (const auto& [share, time] :
       {std::pair(0.0, 10), {0.24, 10}, {0.25, 20}, {0.5, 20}, {0.75, 30}, {0.99, 30}, {1.0, 40}})
    BOOST_CHECK_EQUAL(time_after(log, share), time);
  BOOST_CHECK_EQUAL(time_after(log, -1), 10);
  BOOST_CHECK_EQUAL(time_after(log, 2), 40);
}

BOOST_AUTO_TEST_CASE(keeps_what_happened_until_then_with_its_users_and_items) {
  const auto log = log_of_five();
  const auto early = first_until(log, 20);
  BOOST_CHECK(early.has_times);
  BOOST_REQUIRE_EQUAL(early.events.size(), 3u); // all of the same time
  BOOST_CHECK_EQUAL(early.users.size(), 2u);
  BOOST_CHECK_EQUAL(early.items.size(), 2u);
  BOOST_CHECK(!early.items.find("z"));
  for (std::size_t at = 0; at < early.events.size(); ++at) {
    BOOST_CHECK_EQUAL(early.users[early.events[at].user], log.users[log.events[at].user]);
    BOOST_CHECK_EQUAL(early.items[early.events[at].item], log.items[log.events[at].item]);
    BOOST_CHECK_EQUAL(early.events[at].time, log.events[at].time);
  }
}

BOOST_AUTO_TEST_CASE(keeps_everything_or_nothing) {
  const auto log = log_of_five();
  BOOST_CHECK_EQUAL(first_until(log, 40).events.size(), 5u);
  const auto none = first_until(log, 9);
  BOOST_CHECK(none.events.empty());
  BOOST_CHECK(none.users.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
