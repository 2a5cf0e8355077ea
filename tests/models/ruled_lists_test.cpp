#include "models/ruled_lists.hpp"

#include "models/cascade.hpp"
#include "models/rule_effects.hpp"
#include "models/rules/rules_file.hpp"
#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace {

using namespace winnow;
using namespace winnow::test;

/// The bookshop with attributes: every fourth item is `rare`; prices count up.
struct rules_fixture {
  rules_fixture() {
    std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
    const auto shop = load();
    std::ofstream items(dir.path() / "items.csv");
    items << "item_id,rare,price,author\n";
    for (std::uint32_t item = 0; item < shop->items.size(); ++item)
      items << shop->items[item] << "," << (item % 4 == 0 ? "true" : "false") << "," << item << ",author "
            << item % 3 << "\n";
    items.close();
    models = load();
  }

  model_set_ptr load() const { return need(load_model_set(stage_directory::settings_of(dir.path()))); }

  static shop_rules_ptr rules_of(const std::string& text) {
    return std::make_shared<const shop_rules>(need(parse_rules(text)));
  }

  static list_query query_of(const char* text, query_form form = query_form::list) {
    return need(parse_list_query(nlohmann::json::parse(text), form));
  }

  std::shared_ptr<const list_wishes> resolve(const shop_rules_ptr& rules, const char* query,
                                             query_form form = query_form::list) {
    const auto asked = query_of(query, form);
    return need(lists.resolve(rules, &asked, *models, 20));
  }

  std::string refusal(const shop_rules_ptr& rules, const char* query) {
    const auto asked = query_of(query);
    const auto wishes = lists.resolve(rules, &asked, *models, 20);
    return wishes ? std::string() : wishes.error().message;
  }

  std::string id(std::uint32_t item) const { return std::string(models->items[item]); }

  temporary_directory dir;
  model_set_ptr models;
  std::vector<std::vector<std::string>> misfits;
  ruled_lists lists{[this](const std::vector<std::string>& some) { misfits.push_back(some); }};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ruled_lists_suite, rules_fixture)

BOOST_AUTO_TEST_CASE(without_rules_only_the_query_counts) {
  BOOST_CHECK(need(lists.resolve(nullptr, nullptr, *models, 20)) == nullptr);
  BOOST_CHECK(resolve(nullptr, R"({"scores": true})") == nullptr);
  BOOST_CHECK_EQUAL(resolve(nullptr, R"({"limit": 3})")->limit, 3u);
  const auto only_placements = rules_of(R"({"placements": {"cart": {"limit": 2}}})");
  BOOST_CHECK(need(lists.resolve(only_placements, nullptr, *models, 20)) == nullptr);
}

BOOST_AUTO_TEST_CASE(filters_are_anded_and_boosts_multiply) {
  const auto rules = rules_of(R"({"filter": {"rare": true}, "exclude": [")" + id(8) + R"("],
    "boost": [{"filter": {"price": {"gte": 100}}, "factor": 2}],
    "placements": {"cart": {"filter": {"price": {"gte": 40}}, "boost": [{"filter": {}, "factor": 3}]}}})");
  const auto plain = need(lists.resolve(rules, nullptr, *models, 20));
  BOOST_CHECK(plain->allows(4) && !plain->allows(5) && !plain->allows(8));
  BOOST_CHECK_EQUAL(plain->limit, 20u);
  const auto cart = resolve(rules, R"({"placement": "cart", "filter": {"price": {"lt": 60}}, "exclude": [")"
                                   R"(unknown"], "boost": [{"filter": {}, "factor": 5}]})");
  for (std::uint32_t item = 0; item < 100; ++item)
    BOOST_CHECK_EQUAL(cart->allows(item), item % 4 == 0 && item >= 40 && item < 60);
  BOOST_CHECK_CLOSE(cart->boost_of(44), std::log(15.0f), 0.01);
  BOOST_CHECK_CLOSE(cart->boost_of(104), std::log(30.0f), 0.01);
  BOOST_CHECK(!resolve(rules, R"({"filter": {"price": {"lt": 60}}})")->allows(8));
}

BOOST_AUTO_TEST_CASE(comparisons_are_those_of_filters_that_are_not_kept) {
  const auto rows = models->attributes->table().rows();
  auto asked = query_of(
      R"({"filter": {"price": {"lt": 60}}, "boost": [{"filter": {"price": {"gt": 7}}, "factor": 2}]})");
  const auto conditions =
      conditions_in(asked.filter->filter) + conditions_in(asked.boosts.front().filter.filter);
  BOOST_CHECK_EQUAL(lists.comparisons(nullptr, asked, *models), conditions * rows);
  BOOST_CHECK(lists.resolve(nullptr, &asked, *models, 20));
  BOOST_CHECK_EQUAL(lists.comparisons(nullptr, asked, *models), 0u);
  BOOST_CHECK_EQUAL(lists.comparisons(nullptr, query_of(R"({"limit": 3})"), *models), 0u);

  const auto rules =
      rules_of(R"({"filter": {"rare": true}, "placements": {"cart": {"filter": {"price": {"gte": 40}}}}})");
  for (const char* placement : {"", "cart"}) { // whose filters are joined with that of the query
    asked.placement = placement;
    BOOST_CHECK_GT(lists.comparisons(rules, asked, *models), conditions_in(asked.filter->filter) * rows);
    BOOST_CHECK(lists.resolve(rules, &asked, *models, 20));
    BOOST_CHECK_EQUAL(lists.comparisons(rules, asked, *models), 0u);
  }
  BOOST_CHECK_GT(lists.comparisons(rules, asked, *load()), 0u);
}

BOOST_AUTO_TEST_CASE(what_is_more_specific_wins) {
  const auto rules = rules_of(R"({"pin": {")" + id(1) + R"(": 1, ")" + id(2) + R"(": 2, ")" + id(3) +
                              R"(": 3}, "diversity": 0.5, "placements": {"cart": {"limit": 4, "pin": {")" +
                              id(9) + R"(": 2}, "exclude": [")" + id(3) + R"("]}}})");
  const auto pins = [](const std::shared_ptr<const list_wishes>& wishes) {
    std::string text;
    for (const auto& pin : wishes->pins)
      text += std::to_string(pin.item) + "@" + std::to_string(pin.place) + " ";
    return text;
  };
  BOOST_CHECK_EQUAL(pins(need(lists.resolve(rules, nullptr, *models, 20))), "1@1 2@2 3@3 ");
  const auto cart = resolve(rules, R"({"placement": "cart"})");
  BOOST_CHECK_EQUAL(pins(cart), "1@1 9@2 ");
  BOOST_CHECK_EQUAL(cart->limit, 4u);
  BOOST_CHECK_EQUAL(cart->diversity, 0.5f);
  const std::string query =
      R"({"placement": "cart", "limit": 7, "diversity": 0, "pin": {")" + id(1) + R"(": 5}})";
  const auto asked = resolve(rules, query.c_str());
  BOOST_CHECK_EQUAL(pins(asked), "9@2 1@5 ");
  BOOST_CHECK_EQUAL(asked->limit, 7u);
  BOOST_CHECK_EQUAL(asked->diversity, 0.0f);
  BOOST_CHECK_EQUAL(
      refusal(rules, R"({"placement": "cart", "offset": 199})"),
      "limit and offset: expected at most 200 together, got 203, with the limit of the placement");
}

BOOST_AUTO_TEST_CASE(pins_of_rules_need_items_that_are_known_and_not_taken) {
  const auto rules = rules_of(R"({"pin": {"unknown": 1, ")" + id(5) + R"(": 2, ")" + id(6) + R"(": 3}})");
  const auto wishes = need(lists.resolve(rules, nullptr, *models, 20));
  BOOST_CHECK_EQUAL(wishes->pins.size(), 2u);
  const auto others = without_taken_pins(wishes, {2, 5});
  BOOST_REQUIRE_EQUAL(others->pins.size(), 1u);
  BOOST_CHECK_EQUAL(others->pins[0].item, 6u);
  BOOST_CHECK(without_taken_pins(wishes, {2, 7}) == wishes);
  const auto asked = resolve(rules, (R"({"pin": {")" + id(5) + R"(": 1}})").c_str());
  BOOST_CHECK_EQUAL(without_taken_pins(asked, {5})->pins.size(), 2u); // that of the client stays
}

BOOST_AUTO_TEST_CASE(a_placement_has_widths_of_its_own) {
  const auto rules = rules_of(
      R"({"placements": {"cart": {"limit": 5, "candidates": 30, "din_keep": 10}, "mail": {"limit": 60}}})");
  const auto cart = widths_for(*resolve(rules, R"({"placement": "cart"})"), {100, 50, 20});
  BOOST_CHECK_EQUAL(cart.candidates, 30u);
  BOOST_CHECK_EQUAL(cart.din_keep, 10u);
  const auto mail = widths_for(*resolve(rules, R"({"placement": "mail"})"), {100, 50, 20});
  BOOST_CHECK_EQUAL(mail.din_keep, 50u); // a long list goes on with what DIN ranked
  BOOST_CHECK_EQUAL(mail.candidates, 100u);
  BOOST_CHECK_EQUAL(mail.ranknet_keep, 50u);
}

BOOST_AUTO_TEST_CASE(an_unknown_placement_is_refused_with_the_nearest_name) {
  const auto rules = rules_of(R"({"placements": {"cart": {}, "home": {}}})");
  BOOST_CHECK_EQUAL(refusal(rules, R"({"placement": "crat"})"),
                    "placement: the rules have no \"crat\"; did you mean cart?");
  BOOST_CHECK_EQUAL(refusal(nullptr, R"({"placement": "cart"})"),
                    "placement: expected none, as there is no file of rules (--rules), got \"cart\"");
}

BOOST_AUTO_TEST_CASE(given_items_are_ranked_without_pins_of_others) {
  const auto rules =
      rules_of(R"({"filter": {"rare": true}, "pin": {")" + id(9) + R"(": 1, ")" + id(4) + R"(": 2}})");
  const auto wishes =
      resolve(rules, (R"({"items": [")" + id(4) + R"(", ")" + id(5) + R"(", ")" + id(8) + R"("]})").c_str(),
              query_form::rank);
  BOOST_REQUIRE_EQUAL(wishes->pins.size(), 1u);
  BOOST_CHECK_EQUAL(wishes->pins[0].item, 4u);
  BOOST_CHECK_EQUAL(wishes->allowed->count(), 2u);
}

BOOST_AUTO_TEST_CASE(what_rules_ask_is_resolved_once) {
  const auto rules = rules_of(R"({"filter": {"rare": true}, "placements": {"cart": {"limit": 3}}})");
  const auto first = need(lists.resolve(rules, nullptr, *models, 20));
  BOOST_CHECK(need(lists.resolve(rules, nullptr, *models, 20)) == first);
  BOOST_CHECK(resolve(rules, R"({"scores": true})") == first);
  const auto cart = resolve(rules, R"({"placement": "cart"})");
  BOOST_CHECK(cart != first && resolve(rules, R"({"placement": "cart", "explain": true})") == cart);
  models = load();
  BOOST_CHECK(need(lists.resolve(rules, nullptr, *models, 20)) != first);
  const auto others = rules_of(R"({"filter": {"rare": false}})");
  BOOST_CHECK(need(lists.resolve(others, nullptr, *models, 20))->allows(5));
}

BOOST_AUTO_TEST_CASE(rules_that_do_not_fit_the_items_are_named_and_left_out) {
  const auto rules = rules_of(R"({"filter": {"rar": true}, "boost": [{"filter": {"rare": true}, "factor": 2},
    {"filter": {"price": "x"}, "factor": 2}],
    "placements": {"cart": {"diversity": {"attribute": "price", "most": 1}, "limit": 2}}})");
  const std::vector<std::string> expected{
      "filter: the items have no attribute \"rar\"; did you mean rare?",
      "boost[1].filter: \"price\": expected numbers, as the items have, got \"x\"",
      "placements.cart.diversity: expected an attribute of texts, got \"price\""};
  const auto found = misfits_of(*rules, *models);
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
  const auto wishes = need(lists.resolve(rules, nullptr, *models, 20));
  BOOST_CHECK(!wishes->allowed);
  BOOST_CHECK_EQUAL(wishes->boosts.size(), 1u);
  BOOST_CHECK_EQUAL(resolve(rules, R"({"placement": "cart"})")->limit, 2u);
  BOOST_REQUIRE_EQUAL(misfits.size(), 1u); // told once
  BOOST_CHECK_EQUAL(misfits[0].size(), 3u);
}

BOOST_AUTO_TEST_CASE(effects_name_the_rules_that_moved_an_item) {
  const auto rules =
      rules_of(R"({"filter": {"rare": true}, "exclude": [")" + id(8) + R"("], "pin": {")" + id(12) + R"(": 1},
    "placements": {"cart": {"limit": 3, "boost": [{"filter": {"price": {"gte": 40}}, "factor": 2}]}}})");
  const rule_effects cart(*rules, "cart", *models);
  const auto on = [&](std::uint32_t item, std::optional<std::size_t> with,
                      std::optional<std::size_t> without) {
    std::string text;
    for (const auto& path : cart.on(id(item), with, without))
      text += path + " ";
    return text;
  };
  BOOST_CHECK_EQUAL(on(12, 1, 9), "pin." + id(12) + " ");
  BOOST_CHECK_EQUAL(on(12, 0, std::nullopt), "pin." + id(12) + " "); // of a list that ends before its place
  BOOST_CHECK_EQUAL(on(8, std::nullopt, 2), "exclude ");
  BOOST_CHECK_EQUAL(on(5, std::nullopt, 2), "filter ");
  BOOST_CHECK_EQUAL(on(44, 2, 6), "placements.cart.boost[0] ");
  BOOST_CHECK_EQUAL(on(4, std::nullopt, 7), "placements.cart.limit ");
  BOOST_CHECK_EQUAL(on(4, 3, 2), ""); // others moved it
}

BOOST_AUTO_TEST_SUITE_END()
