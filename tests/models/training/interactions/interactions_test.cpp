#include "models/training/interactions/interactions.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

BOOST_AUTO_TEST_SUITE(interactions_suite)

BOOST_AUTO_TEST_CASE(groups_items_by_user_and_keeps_their_order) {
  const std::vector<interaction> events = {{2, 5, 1}, {0, 7, 2}, {2, 3, 3}};
  const auto lists = item_lists::group(3, events);
  BOOST_TEST(lists.users() == 3U);
  BOOST_TEST(lists.size() == 3U);
  BOOST_TEST(lists.of(0).size() == 1U);
  BOOST_TEST(lists.of(0)[0] == 7U);
  BOOST_TEST(lists.of(1).empty());
  BOOST_TEST(lists.of(2)[0] == 5U);
  BOOST_TEST(lists.of(2)[1] == 3U);
}

BOOST_AUTO_TEST_CASE(finds_users_with_items_at_equal_distances) {
  std::vector<interaction> events;
  for (std::uint32_t user = 1; user < 20; user += 2)
    events.push_back({user, 0, 0});
  const auto lists = item_lists::group(20, events);
  const std::vector<std::uint32_t> all = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19}, some = {1, 5, 11, 15};
  BOOST_TEST(lists.users_with_items(10) == all, boost::test_tools::per_element());
  BOOST_TEST(lists.users_with_items(4) == some, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
