#include "models/rules/rules_file.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace winnow;
using namespace winnow::test;

namespace {

std::string refusal(std::string_view text) {
  const auto parsed = parse_rules(text);
  return parsed ? std::string() : parsed.error().message;
}

/// One line for each rule.
std::string words(const shop_rules& rules, const char* placement) {
  std::string all;
  for (const auto& rule : in_words(rules, placement))
    all += rule.path + ": " + rule.words + "\n";
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules_file_suite)

BOOST_AUTO_TEST_CASE(reads_rules_and_says_them_in_words) {
  const auto rules = need(parse_rules(R"({
    "comment": "spring",
    "filter": {"in_stock": true, "price": {"gt": 1.5, "lte": 20}}, "exclude": ["x", "y"],
    "boost": [{"filter": {"or": [{"genre": ["Crime", "Travel"]}, {"not": {"author": "A. C."}}]}, "factor": 1.2}],
    "pin": {"p": 3}, "diversity": {"attribute": "author", "most": 2},
    "placements": {"cart": {"comment": "below the cart", "limit": 6, "candidates": 400, "din_keep": 80, "experiment_share": 0.2,
                            "diversity": 0.25, "boost": [{"filter": {}, "factor": 3}]},
                   "home": {}}})"));
  BOOST_CHECK_EQUAL(words(rules, ""), "filter: only if in_stock is true and price above 1.5 and at most 20\n"
                                      "exclude: never x, y\n"
                                      "boost[0]: times 1.2 if genre is \"Crime\" or \"Travel\" or "
                                      "not (author is \"A. C.\")\n"
                                      "pin.p: p at place 3\n"
                                      "diversity: at most 2 with the same author\n");
  BOOST_CHECK_EQUAL(words(rules, "cart"), "placements.cart.limit: 6 items\n"
                                          "placements.cart.boost[0]: times 3 if anything\n"
                                          "placements.cart.diversity: unlike the items before, with the "
                                          "weight 0.25\n"
                                          "placements.cart.candidates: 400 candidates\n"
                                          "placements.cart.din_keep: DIN keeps 80\n"
                                          "placements.cart.experiment_share: 0.2 of the users take part in "
                                          "experiments\n");
  BOOST_CHECK_EQUAL(words(rules, "home"), "");
  BOOST_CHECK_EQUAL(words(rules, "mail"), "");
}

BOOST_AUTO_TEST_CASE(says_large_numbers_as_they_are) {
  const auto rules = need(parse_rules(R"({"filter": {"price": {"gte": -9e15, "lt": 1e300}}})"));
  BOOST_CHECK_EQUAL(words(rules, ""), "filter: only if price at least -9000000000000000 and below 1e+300\n");
}

BOOST_AUTO_TEST_CASE(names_every_fault_by_its_path) {
  BOOST_CHECK_EQUAL(refusal("[1]"), "rules: expected an object, got [1]");
  BOOST_CHECK_EQUAL(refusal(R"({"bost": [], "limit": 3})"),
                    "bost: unknown member; did you mean boost?; limit: expected in a placement only");
  BOOST_CHECK_EQUAL(refusal(R"({"exclude": "x", "placements": {"cart": {"boost": [
        {"filter": {}, "factor": 2}, {"filter": {"price": {"lt": "x"}}, "factor": 2}]}, "home": {"limit": 0}}})"),
                    "exclude: expected an array of texts, got \"x\"; "
                    "placements.cart.boost[1].filter: price.lt: expected a number, got \"x\"; "
                    "placements.home.limit: expected a whole number from 1 to 200, got 0");
  BOOST_CHECK_EQUAL(refusal(R"({"placements": {"cart": 3}})"), "placements.cart: expected an object, got 3");
  BOOST_CHECK_EQUAL(refusal(R"({"placements": {"a b": {}}})"),
                    "placements: expected names of 1 to 64 letters, digits, _ and -, got \"a b\"");
  BOOST_CHECK_EQUAL(refusal(R"({"placements": {"cart": {"candidates": 0}}})"),
                    "placements.cart.candidates: expected a whole number from 1 to 10000, got 0");
  BOOST_CHECK_EQUAL(refusal(R"({"placements": {"cart": {"experiment_share": 1.5}}})"),
                    "placements.cart.experiment_share: expected a number from 0 to 1, got 1.5");
  BOOST_CHECK_EQUAL(refusal(R"({"experiment_share": 0.5})"),
                    "experiment_share: expected in a placement only");
  BOOST_CHECK_EQUAL(refusal(R"({"placements": {"cart": {"candidates": 9, "din_keep": 10, "limit": 11}}})"),
                    "placements.cart.din_keep: expected at least the 11 of limit, got 10; "
                    "placements.cart.candidates: expected at least the 10 of din_keep, got 9");
  BOOST_CHECK_EQUAL(refusal(R"({"pin": {"x": 1}, "exclude": ["x"]})"),
                    "pin.x: expected an item that may be on the list, got one of exclude");
  BOOST_CHECK_EQUAL(refusal(R"({"placements": {"cart": {}, "cart": {"limit": 2}}})"),
                    "expected each member once, got \"cart\" twice");
  BOOST_CHECK_EQUAL(refusal((R"({"filter": )" + std::string(200'000, '['))),
                    "expected JSON of at most 100 levels, got more");
  BOOST_CHECK_EQUAL(refusal(std::string_view("{}\0{\"x\":", 8)),
                    "expected JSON, got a text with a zero byte");
  BOOST_CHECK_EQUAL(refusal(R"({"filter": {"price": 1e400}})"), "expected JSON, got a number beyond 1.8e308");
  BOOST_CHECK_EQUAL(refusal(R"({"filter": 5})"), "filter: expected an object of conditions, got 5");
  BOOST_CHECK_EQUAL(
      refusal("{\"boost\": [\n{]}").find("expected JSON, got a parse error at line 2, column 2"), 0u);
}

BOOST_AUTO_TEST_CASE(errors_name_the_file) {
  const temporary_directory dir;
  const auto file = dir.path() / "rules.json";
  std::ofstream(file) << R"({"colour": 1})";
  BOOST_CHECK_EQUAL(read_rules(file).error().message, file.string() + ": colour: unknown member");
  BOOST_CHECK(read_rules(dir.path()).error().message.find("expected a regular file, got a directory") !=
              std::string::npos);
  BOOST_CHECK(read_rules(dir.path() / "none").error().cause == fault::not_found);
  std::ofstream(file) << "{}";
  const auto rules = need(read_rules(file));
  BOOST_CHECK_EQUAL(rules->file, file.string());
  BOOST_CHECK_EQUAL(rules->digest.size(), 16u);
}

BOOST_AUTO_TEST_CASE(only_rules_for_all_lists_change_what_plain_lists_depend_on) {
  const auto digest = [](const char* text) { return need(parse_rules(text)).plain_digest; };
  BOOST_CHECK_EQUAL(digest("{}"), 0u);
  BOOST_CHECK_EQUAL(digest(R"({"comment": 1, "placements": {"cart": {"limit": 2}}})"), 0u);
  const auto one = digest(R"({"exclude": ["x"], "pin": {"y": 1}})");
  BOOST_CHECK_NE(one, 0u);
  BOOST_CHECK_EQUAL(digest(R"({"pin": {"y": 1}, "placements": {}, "exclude": ["x"]})"), one);
  BOOST_CHECK_NE(digest(R"({"exclude": ["z"], "pin": {"y": 1}})"), one);
}

BOOST_AUTO_TEST_SUITE_END()
