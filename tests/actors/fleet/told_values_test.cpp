#include "actors/fleet/told_values.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

using namespace winnow;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(told_values_suite)

BOOST_AUTO_TEST_CASE(a_fact_comes_back_with_its_base) {
  const item_fact fact{"i", "price", 5, 7, std::optional(json(nullptr))};
  const auto values = to_values(fact);
  BOOST_REQUIRE(values.size() == 2u);
  BOOST_TEST(values[0].name == R"(["i","price","base"])");
  BOOST_TEST(values[0].group == R"(["i"])");
  BOOST_TEST(values[0].text == "null");
  BOOST_TEST(values[1].name == R"(["i","price"])"); // as earlier versions tell and take it
  BOOST_TEST(values[1].text == "7");
  for (const auto& order : {values, std::vector<fleet_value>{values[1], values[0]}}) {
    const auto facts = to_facts(order);
    BOOST_REQUIRE(facts.size() == 1u);
    BOOST_TEST((facts[0] == fact));
    BOOST_TEST((facts[0].base == fact.base));
  }
}

BOOST_AUTO_TEST_CASE(a_base_of_something_else_that_was_said_does_not_count) {
  const fleet_value later{R"(["i","price"])", R"(["i"])", 6, "8"}; // told by an earlier version
  const fleet_value base{R"(["i","price","base"])", R"(["i"])", 5, "3"};
  const auto facts = to_facts({base, later});
  BOOST_REQUIRE(facts.size() == 1u);
  BOOST_TEST(!facts[0].base.has_value());
  BOOST_TEST(!to_values(facts[0]).empty());
  BOOST_TEST(to_values(facts[0]).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_reset_has_no_base_and_values_of_other_kinds_are_left_out) {
  const item_fact reset{"i", "", 9, nullptr};
  BOOST_REQUIRE(to_values(reset).size() == 1u);
  BOOST_TEST((to_facts(to_values(reset)) == std::vector<item_fact>{reset}));
  for (const std::string name :
       {R"("experiment")", R"(["i","price","other"])", R"(["i","a","base","b"])", R"([1])", "[]", "no JSON"})
    BOOST_TEST(to_facts({{name, {}, 1, "1"}}).empty(), name);
}

BOOST_AUTO_TEST_SUITE_END()
