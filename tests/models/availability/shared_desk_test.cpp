// Desks of several replicas that tell each other what clients said.

#include "models/availability/item_updates.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace winnow;
using nlohmann::json;

namespace {

item_fact fact(const char* attribute, std::int64_t time, json value = nullptr) {
  return {"i", attribute, time, std::move(value)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(shared_updates)

BOOST_AUTO_TEST_CASE(all_replicas_end_with_the_same_whatever_the_order) {
  const std::vector<item_fact> told{fact("price", 5, 1), fact("price", 7, 2), fact("price", 7, 3),
                                    fact("title", 6, "x")};
  auto order = std::vector<std::size_t>{0, 1, 2, 3};
  do {
    item_updates updates;
    for (const auto i : order)
      updates.take(told[i]);
    const auto facts = updates.facts();
    BOOST_TEST(facts.size() == 2u);
    for (const auto& one : facts)
      BOOST_TEST((one == told[2] || one == told[3]));
  } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(what_is_known_is_no_news) {
  item_updates updates;
  updates.set("i", {{"price", 1}}, 5);
  BOOST_TEST(!updates.take(fact("price", 5, 1)));
  BOOST_TEST(!updates.take(fact("price", 4, 9)));
  BOOST_TEST(updates.take(fact("price", 6, 9)));
  BOOST_TEST(updates.last_said("i") == 6);
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_what_was_said_before_it_and_nothing_else) {
  item_updates updates;
  updates.set("i", {{"price", 1}}, 5);
  updates.set("i", {{"title", "x"}}, 7);
  BOOST_TEST(updates.take(fact("", 5)));
  const auto facts = updates.facts();
  BOOST_REQUIRE(facts.size() == 2u);
  BOOST_TEST((std::find(facts.begin(), facts.end(), fact("", 5)) != facts.end()));
  BOOST_TEST((std::find(facts.begin(), facts.end(), fact("title", 7, "x")) != facts.end()));
  BOOST_TEST(updates.take(fact("", 7)));
  BOOST_TEST(updates.items() == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_said_before_a_reset_does_not_come_back) {
  item_updates updates;
  updates.set("i", {{"price", 1}}, 5);
  updates.reset("i", 7);
  BOOST_TEST(!updates.take(fact("price", 5, 1)));
  BOOST_TEST(!updates.take(fact("title", 7, "x")));
  BOOST_TEST(updates.items() == 0u);
  BOOST_TEST(updates.last_said("i") == 7);
  BOOST_REQUIRE(updates.facts().size() == 1u); // it is told to those that do not know it
  BOOST_TEST((updates.facts()[0] == fact("", 7)));
  BOOST_TEST(updates.take(fact("price", 8, 2)));
}

BOOST_AUTO_TEST_CASE(a_reset_that_changes_nothing_is_kept_too) {
  item_updates updates;
  BOOST_TEST(!updates.take(fact("", 7)));
  BOOST_TEST(!updates.take(fact("price", 5, 1)));
  BOOST_TEST(updates.facts().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_value_that_a_client_gives_after_a_reset_holds_though_the_clock_was_set_back) {
  item_updates updates;
  updates.reset("i", 7);
  updates.set("i", {{"price", 1}}, 5);
  BOOST_REQUIRE(updates.facts().size() == 1u);
  BOOST_TEST((updates.facts()[0] == fact("price", 5, 1)));
}

BOOST_AUTO_TEST_CASE(not_more_than_so_many_resets_are_known) {
  item_updates updates;
  const auto most = item_updates::most_resets;
  for (std::size_t i = 0; i <= most; ++i)
    updates.reset(std::to_string(i), static_cast<std::int64_t>(i));
  BOOST_TEST(updates.facts().size() == most / 2);
  BOOST_TEST(updates.last_said(std::to_string(most)) == static_cast<std::int64_t>(most));
}

BOOST_AUTO_TEST_SUITE_END()
