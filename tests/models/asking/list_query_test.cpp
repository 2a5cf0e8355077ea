#include "models/asking/list_query.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

list_query parse(const char* text, query_form form = query_form::list) {
  return need(parse_list_query(json::parse(text), form));
}

std::string refusal(const char* text, query_form form = query_form::list) {
  const auto parsed = parse_list_query(json::parse(text), form);
  return parsed ? std::string() : parsed.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(list_query_suite)

BOOST_AUTO_TEST_CASE(reads_every_member) {
  const auto query = parse(R"({"limit": 5, "offset": 2, "exclude": ["x"], "filter": {"a": 1},
    "boost": [{"filter": {"b": true}, "factor": 1.5}], "pin": {"p": 3, "q": 1}, "diversity": 0.25,
    "history": ["h"], "fields": ["title"], "explain": true, "scores": true, "context": {"page": "cart"}})");
  BOOST_CHECK_EQUAL(*query.limit, 5u);
  BOOST_CHECK_EQUAL(query.offset, 2u);
  BOOST_CHECK_EQUAL(query.exclude.at(0), "x");
  BOOST_CHECK_EQUAL(query.filter->text, R"({"a":1})");
  BOOST_CHECK_EQUAL(query.boosts.at(0).factor, 1.5);
  BOOST_CHECK_EQUAL(query.pins.at(0).item_id, "q"); // by place
  BOOST_CHECK_EQUAL(query.pins.at(1).place, 3u);
  BOOST_CHECK_EQUAL(query.diversity, 0.25);
  BOOST_CHECK_EQUAL(query.history->at(0), "h");
  BOOST_CHECK_EQUAL(query.fields.at(0), "title");
  BOOST_CHECK(query.explain && query.scores);
  BOOST_CHECK_EQUAL(query.context, R"({"page":"cart"})");
  BOOST_CHECK(!query.is_plain());
}

BOOST_AUTO_TEST_CASE(what_only_tells_more_leaves_the_list_plain) {
  BOOST_CHECK(parse("{}").is_plain());
  BOOST_CHECK(parse(R"({"scores": true, "explain": true, "fields": ["t"], "context": 1})").is_plain());
  for (const char* other :
       {R"({"limit": 20})", R"({"offset": 1})", R"({"exclude": ["x"]})", R"({"filter": {}})",
        R"({"boost": [{"filter": {}, "factor": 2}]})", R"({"pin": {"x": 1}})", R"({"diversity": 0.1})",
        R"({"diversity": {"attribute": "a", "most": 1}})", R"({"diversity": 0})", R"({"history": []})",
        R"({"placement": "cart"})"})
    BOOST_CHECK_MESSAGE(!parse(other).is_plain(), other);
}

BOOST_AUTO_TEST_CASE(takes_what_is_missing_from_the_defaults) {
  list_query defaults;
  defaults.limit = 7;
  defaults.scores = true;
  const auto query = need(parse_list_query(json::parse(R"({"scores": false})"), query_form::list, defaults));
  BOOST_CHECK_EQUAL(*query.limit, 7u);
  BOOST_CHECK(!query.scores);
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong) {
  BOOST_CHECK_EQUAL(refusal("[1]"), "body: expected an object, got [1]");
  BOOST_CHECK_EQUAL(refusal(R"({"limt": 5})"), "unknown member \"limt\"; did you mean limit?");
  BOOST_CHECK_EQUAL(refusal(R"({"limit": 0})"), "limit: expected a whole number from 1 to 200, got 0");
  BOOST_CHECK_EQUAL(refusal(R"({"limit": -3})"), "limit: expected a whole number from 1 to 200, got -3");
  BOOST_CHECK_EQUAL(*parse(R"({"limit": 30.0})").limit, 30u); // as PHP and Lua write it
  BOOST_CHECK_EQUAL(refusal(R"({"limit": 1e300})"),
                    "limit: expected a whole number from 1 to 200, got 1e+300");
  BOOST_CHECK_EQUAL(refusal(R"({"limit": 2.5})"), "limit: expected a whole number from 1 to 200, got 2.5");
  BOOST_CHECK_EQUAL(refusal(R"({"limit": "5"})"), "limit: expected a whole number from 1 to 200, got \"5\"");
  BOOST_CHECK_EQUAL(refusal(R"({"limit": 200, "offset": 1})"),
                    "limit and offset: expected at most 200 together, got 201");
  BOOST_CHECK_EQUAL(refusal(R"({"exclude": "x"})"), "exclude: expected an array of texts, got \"x\"");
  BOOST_CHECK_EQUAL(refusal(R"({"exclude": [1]})"), "exclude: expected a text, got 1");
  BOOST_CHECK_EQUAL(refusal(R"({"boost": [{"filter": {}}]})"),
                    "boost[0]: expected an object with filter and factor, got {\"filter\":{}}");
  BOOST_CHECK_EQUAL(refusal(R"({"boost": [{"filter": {}, "factor": 0}]})"),
                    "boost[0].factor: expected a number from 1e-06 to 1000000.0, got 0");
  BOOST_CHECK_EQUAL(refusal(R"({"pin": {"x": 2, "y": 2}})"), "pin: expected each place once, got 2 twice");
  BOOST_CHECK_EQUAL(refusal(R"({"diversity": 2})"), "diversity: expected a number from 0.0 to 1.0, got 2");
  BOOST_CHECK_EQUAL(refusal(R"({"items": ["x"]})"), "unknown member \"items\"");
  BOOST_CHECK_EQUAL(refusal(R"({"limit": 5})", query_form::rank),
                    "items: expected an array of at least one item id, got none");
  BOOST_CHECK_EQUAL(parse_body(R"({"limit": 1e400})").error().message,
                    "body: expected a JSON object, got a number beyond 1.8e308");
  BOOST_CHECK_EQUAL(parse_body("{").error().message,
                    "body: expected a JSON object, got text that is no JSON");
}

BOOST_AUTO_TEST_CASE(a_body_says_nothing_twice) {
  const auto refusal_of = [](const char* text) { return parse_body(text).error().message; };
  BOOST_CHECK_EQUAL(refusal_of(R"({"limit": 5, "limit": 6})"),
                    "body: expected each member once, got \"limit\" twice");
  BOOST_CHECK_EQUAL(refusal_of(R"({"filter": {"price": {"gte": 20}, "price": {"lte": 8}}})"),
                    "body: expected each member once, got \"price\" twice");
  BOOST_CHECK_EQUAL(refusal_of(R"({"users": ["a", {"user_id": "b", "user_id": "c"}]})"),
                    "body: expected each member once, got \"user_id\" twice");
  BOOST_CHECK(parse_body(R"({"limit": 5, "boost": [{"factor": 2}, {"factor": 3}], "context": "a:b"})"));
}

BOOST_AUTO_TEST_CASE(all_filters_of_a_query_have_their_limit_together) {
  auto filter = nlohmann::json::object();
  for (int i = 0; i < 999; ++i)
    filter["a" + std::to_string(i)] = 1; // 1,000 with what joins them
  auto query = nlohmann::json{{"filter", filter}, {"boost", nlohmann::json::array()}};
  for (int i = 0; i < 2; ++i)
    query["boost"].push_back({{"filter", filter}, {"factor", 2}});
  BOOST_CHECK(parse_list_query(query, query_form::list));
  query["boost"].push_back({{"filter", nlohmann::json::object()}, {"factor", 2}});
  BOOST_CHECK_EQUAL(parse_list_query(query, query_form::list).error().message,
                    "filter and boost: expected at most 3000 conditions together, got 3001");
}

BOOST_AUTO_TEST_CASE(each_field_counts_once) {
  const auto query = need(parse_list_query({{"fields", {"b", "a", "b"}}}, query_form::list));
  BOOST_CHECK((query.fields == std::vector<std::string>{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_brackets_is_refused) {
  const auto half = std::size_t{1} << 19U;
  BOOST_CHECK_EQUAL(
      parse_body(R"({"context": )" + std::string(half, '[') + std::string(half, ']') + "}").error().message,
      "body: expected JSON of at most 100 levels, got more");
}

BOOST_AUTO_TEST_CASE(a_context_is_one_short_line) {
  const auto context = [](const nlohmann::json& from) {
    return need(parse_list_query(nlohmann::json{{"context", from}}, query_form::list)).context;
  };
  BOOST_CHECK_EQUAL(context("cart\n\x1b[31m\x7f\tnow"), "cart  [31m  now");
  BOOST_CHECK_EQUAL(context("\xc2\x9b"
                            "1m")
                        .find('\x9b'),
                    std::string::npos);
  BOOST_CHECK_EQUAL(context({{"page", "\u0001\n"}}), R"({"page":"\u0001\n"})");
  for (const auto* part : {"x", "ä", "€", "\x01", "\xc2\x85"}) {
    std::string text;
    while (text.size() < 1000)
      text += part;
    const auto cut = context(text);
    BOOST_CHECK_LE(cut.size(), list_query::longest_context);
    BOOST_CHECK_GE(cut.size(), list_query::longest_context - 8);
    BOOST_CHECK_NO_THROW(nlohmann::json(cut).dump());
  }
}

BOOST_AUTO_TEST_SUITE_END()
