#include "models/training/interactions/interaction_split.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

using indices = std::vector<std::uint32_t>;

/// Users with the items 0 to their count, in this order.
interaction_log log_of(const std::vector<std::uint32_t>& counts, bool has_times) {
  interaction_log log;
  log.has_times = has_times;
  for (std::uint32_t user = 0; user < counts.size(); ++user) {
    log.users.insert("u" + std::to_string(user));
    for (std::uint32_t i = 0; i < counts[user]; ++i)
      log.events.push_back({user, log.items.insert("i" + std::to_string(i)).first, i});
  }
  return log;
}

indices items_of(const item_lists& lists, std::size_t user) {
  const auto items = lists.of(user);
  return {items.begin(), items.end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(interaction_split_suite)

BOOST_AUTO_TEST_CASE(knows_training_and_validation_items_before_the_test) {
  interaction_split split;
  split.train = item_lists::group(2, std::vector<interaction>{{0, 4, 1}, {0, 2, 2}, {1, 1, 3}});
  split.valid = item_lists::group(1, std::vector<interaction>{{0, 9, 4}});
  BOOST_TEST(split.known_before_test(0) == (indices{4, 2, 9}), boost::test_tools::per_element());
  BOOST_TEST(split.known_before_test(1) == (indices{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(leaves_out_the_last_two_items_of_users_with_at_least_three) {
  const auto split = leave_one_out(log_of({5, 2, 3}, true));
  BOOST_TEST(items_of(split.train, 0) == (indices{0, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(items_of(split.valid, 0) == indices{3}, boost::test_tools::per_element());
  BOOST_TEST(items_of(split.test, 0) == indices{4}, boost::test_tools::per_element());
  BOOST_TEST(items_of(split.train, 1) == (indices{0, 1}), boost::test_tools::per_element());
  BOOST_TEST(split.test.of(1).empty());
  BOOST_TEST(items_of(split.test, 2) == indices{2}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(splits_by_shares_in_time_order) {
  const auto split = ratio_split(log_of({10, 4, 1}, true), 0.1, 0.3, 1);
  BOOST_TEST(items_of(split.train, 0) == (indices{0, 1, 2, 3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(items_of(split.valid, 0) == indices{6}, boost::test_tools::per_element());
  BOOST_TEST(items_of(split.test, 0) == (indices{7, 8, 9}), boost::test_tools::per_element());
  BOOST_TEST(items_of(split.train, 1) == (indices{0, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(items_of(split.test, 1) == indices{3}, boost::test_tools::per_element());
  BOOST_TEST(split.train.of(2).size() == 1U);
  BOOST_TEST(ratio_split(log_of({100}, true), 0, 0.29, 1).test.size() == 29U);
}

BOOST_AUTO_TEST_CASE(splits_at_random_if_there_are_no_times) {
  const auto log = log_of({50, 50}, false);
  const auto one = ratio_split(log, 0.2, 0.2, 1);
  BOOST_TEST(one.train.of(0).size() == 30U);
  BOOST_TEST(one.valid.of(0).size() == 10U);
  BOOST_TEST(one.test.of(0).size() == 10U);
  BOOST_CHECK(items_of(one.test, 0) != items_of(one.test, 1));
  BOOST_CHECK(items_of(one.test, 0) == items_of(ratio_split(log, 0.2, 0.2, 1).test, 0));
  BOOST_CHECK(items_of(one.test, 0) != items_of(ratio_split(log, 0.2, 0.2, 2).test, 0));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
