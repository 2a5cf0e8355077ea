#include "actors/admin/rules_json.hpp"
#include "models/rules/rules_file.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(rules_json_suite)

BOOST_AUTO_TEST_CASE(a_rule_that_is_not_applied_says_so_and_why) {
  rules_board board;
  board.taken(std::make_shared<const shop_rules>(parse_rules(R"({"filter": {"cheep": true},
                      "boost": [{"filter": {"genre": "Crime"}, "factor": 2}],
                      "placements": {"cart": {"boost": [{"filter": {"a": 1}, "factor": 3}]}}})")
                                                     .value()));
  BOOST_TEST(json::parse(rules_json(board.state())).at("left_out").empty());
  board.left_out({"filter: the items have no attribute \"cheep\"",
                  "placements.cart.boost[0].filter: a: expected a text"});
  board.refused("the file is broken"); // those in force stay, and what is left out of them
  const auto body = json::parse(rules_json(board.state()));
  BOOST_TEST(body.at("left_out").size() == 2U);
  const auto& rules = body.at("rules");
  BOOST_TEST(rules.at(0).at("words") ==
             "not applied, as the items have no attribute \"cheep\": only if cheep is true");
  BOOST_TEST(rules.at(0).at("applied") == false);
  BOOST_TEST(rules.at(1).at("words") == "times 2 if genre is \"Crime\"");
  BOOST_TEST(!rules.at(1).contains("applied"));
  const std::string words = body.at("placements").at("cart").at(0).at("words");
  BOOST_TEST(words.find("not applied, as a: expected a text: times 3 if ") == 0U, words);
  board.taken(std::make_shared<const shop_rules>());
  BOOST_TEST(json::parse(rules_json(board.state())).at("left_out").empty());
}

BOOST_AUTO_TEST_SUITE_END()
