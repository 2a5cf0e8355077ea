#include "models/training/interactions/history_log.hpp"

#include "models/training/interactions/holdout.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

BOOST_AUTO_TEST_SUITE(history_log_of_profiles)

BOOST_AUTO_TEST_CASE(keeps_the_order_and_the_first_occurrence_of_each_item) {
  history_log histories;
  const std::vector<std::string> ann{"a", "b", "a", "c", "b"}, bob{"b", "a", "d"};
  histories.add("ann", ann);
  histories.add("bob", bob);
  BOOST_TEST(histories.repeated() == 2u);
  const auto log = std::move(histories).take();
  BOOST_TEST(log.has_times);
  BOOST_TEST(!log.orders_users);
  std::string text;
  for (const auto& one : log.events)
    text += std::string(log.users[one.user]) + ":" + std::string(log.items[one.item]) + " ";
  BOOST_TEST(text == "ann:a ann:b ann:c bob:b bob:a bob:d ");
}

BOOST_AUTO_TEST_CASE(leaves_out_ids_that_are_none) {
  history_log histories;
  histories.add("ann", std::vector<std::string>{"", "a", " ", "b\n", "b"});
  histories.add("bob", std::vector<std::string>{"\t", ""});
  BOOST_TEST(histories.damaged() == 5u);
  const auto log = std::move(histories).take();
  BOOST_TEST(log.events.size() == 2u);
  BOOST_TEST(log.users.size() == 1u);
  BOOST_TEST(log.items.size() == 2u);
}

BOOST_AUTO_TEST_CASE(holds_back_the_newest_items) {
  history_log histories;
  const std::vector<std::string> ann{"a", "b", "c"};
  histories.add("ann", ann);
  const auto split = split_by(std::move(histories).take(), {}, 1);
  BOOST_TEST(split.items[split.test.of(0)[0]] == "c");
  BOOST_TEST(split.items[split.valid.of(0)[0]] == "b");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
