#include "models/training/interactions/interactions.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

BOOST_AUTO_TEST_SUITE(interactions_suite)

BOOST_AUTO_TEST_CASE(groups_items_by_user_in_their_order) {
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

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
