#include "models/training/interactions/holdout.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace winnow {

namespace {

holdout parsed(std::string_view text) {
  const auto rule = parse_holdout(text);
  BOOST_REQUIRE_MESSAGE(rule, (rule ? "" : rule.error().message));
  return *rule;
}

/// Three users, each with the items 0 to 9 in this order.
interaction_log thirty_pairs(bool has_times) {
  interaction_log log;
  log.has_times = has_times;
  for (std::uint32_t user = 0; user < 3; ++user)
    log.users.insert(std::to_string(user));
  for (std::uint32_t item = 0; item < 10; ++item)
    log.items.insert(std::to_string(item));
  for (std::uint32_t user = 0; user < 3; ++user)
    for (std::uint32_t item = 0; item < 10; ++item)
      log.events.push_back({user, item, item});
  return log;
}

std::vector<std::uint32_t> tested(const interaction_split& split, std::size_t user) {
  const auto items = split.test.of(user);
  return {items.begin(), items.end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(holdout_suite)

BOOST_AUTO_TEST_CASE(parses_its_own_text) {
  for (const auto* text :
       {"leave_one_out", "none", "ratio:0.1,0.2", "ratio:0,0.5", "ratio:0.123456789012345,0"})
    BOOST_CHECK_EQUAL(to_string(parsed(text)), text);
  BOOST_CHECK(parsed("loo").how == holdout::kind::leave_one_out);
  BOOST_CHECK(parsed("valid").how == holdout::kind::validation);
  BOOST_CHECK(measures_something(parsed("loo")) && measures_something(parsed("ratio:0,0.1")));
  BOOST_CHECK(!measures_something(parsed("valid")) && !measures_something(parsed("ratio:0.1,0")));
}

BOOST_AUTO_TEST_CASE(refuses_to_hold_back_nothing_or_everything) {
  for (const auto* text :
       {"", "weekly", "ratio", "ratio:", "ratio:0.1", "ratio:0.1,", "ratio:0.1,0.2x", "ratio:0,0",
        "ratio:0.5,0.5", "ratio:-0.1,0.2", "ratio:1,0", "ratio:nan,0.1", "Ratio:0.1,0.1"}) {
    const auto rule = parse_holdout(text);
    BOOST_CHECK_MESSAGE(
        !rule && rule.error().message.find("\"" + std::string(text) + "\"") != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_CASE(holds_back_the_last_items_if_there_are_times) {
  const auto split = split_by(thirty_pairs(true), parsed("ratio:0.1,0.2"), 7);
  for (std::size_t user = 0; user < 3; ++user)
    BOOST_CHECK(tested(split, user) == (std::vector<std::uint32_t>{8, 9}));
}

BOOST_AUTO_TEST_CASE(draws_the_items_by_seed_if_there_are_no_times) {
  const auto rule = parsed("ratio:0.1,0.2");
  const auto once = split_by(thirty_pairs(false), rule, 7);
  const auto again = split_by(thirty_pairs(false), rule, 7);
  const auto other = split_by(thirty_pairs(false), rule, 8);
  bool differs = false;
  for (std::size_t user = 0; user < 3; ++user) {
    BOOST_CHECK(tested(once, user) == tested(again, user));
    differs = differs || tested(once, user) != tested(other, user);
  }
  BOOST_CHECK(differs);
}

BOOST_AUTO_TEST_CASE(validation_holds_back_only_the_last_item) {
  const auto split = split_by(thirty_pairs(true), parsed("valid"), 7);
  BOOST_CHECK_EQUAL(split.train.size(), 27u);
  BOOST_CHECK_EQUAL(split.valid.size(), 3u);
  BOOST_CHECK_EQUAL(split.test.size(), 0u);
}

BOOST_AUTO_TEST_CASE(an_item_each_of_some_users_is_held_back) {
  const auto held_back = [](std::size_t most, std::uint64_t seed) {
    interaction_split split;
    for (std::uint32_t user = 0; user < 6; ++user)
      split.users.insert(std::to_string(user));
    // The first user has a single item.
    split.train = item_lists::group(
        6, std::vector<interaction>{
               {0, 9}, {1, 0}, {1, 1}, {2, 0}, {2, 2}, {3, 0}, {3, 3}, {4, 0}, {4, 4}, {5, 0}});
    hold_out_some(split, most, seed);
    BOOST_CHECK_EQUAL(split.train.size() + split.valid.size(), 10u);
    std::vector<std::size_t> counts;
    for (std::size_t user = 0; user < 6; ++user)
      counts.push_back(split.valid.of(user).size());
    return std::make_pair(counts, split.valid.of(3).empty() ? 0 : split.valid.of(3)[0]);
  };
  using counts = std::vector<std::size_t>;
  BOOST_TEST(held_back(100, 1).first == (counts{0, 1, 1, 1, 1, 0}), boost::test_tools::per_element());
  BOOST_TEST(held_back(2, 1).first == (counts{0, 1, 0, 1, 0, 0}), boost::test_tools::per_element());
  BOOST_TEST(held_back(0, 1).first == counts(6, 0), boost::test_tools::per_element());
  std::set<std::uint32_t> drawn;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    drawn.insert(held_back(100, seed).second);
    BOOST_TEST(held_back(100, seed).second == held_back(100, seed).second);
  }
  BOOST_TEST(drawn == (std::set<std::uint32_t>{0, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
