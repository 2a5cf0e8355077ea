#include "models/attributes/item_filter.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

struct filter_fixture {
  filter_fixture() {
    std::ofstream(dir.path() / "items.csv") << "item_id,title,price,in_stock,genre,pages\n"
                                               "a,Emma,12.5,true,Novel|Classic,400\n"
                                               "b,\"Dune, part 1\",20,false,Novel,\n"
                                               "c,Cosmos,,TRUE,,300\n"
                                               "d,Emma,8,true,Comic,40\n";
    items = need(item_attributes::read(dir.path() / "items.csv"));
  }

  /// The ids of the items that pass, and `-` if items that the file lacks pass.
  std::string pass(const char* filter) const {
    const auto rows = need(rows_that_pass(need(parse_filter(json::parse(filter))), items));
    std::string ids;
    for (std::size_t row = 0; row < items.ids().size(); ++row)
      if (rows.has(row))
        ids += items.ids()[row];
    return rows.has(items.rows() - 1) ? ids + "-" : ids;
  }

  std::string refusal(const char* filter) const {
    const auto parsed = parse_filter(json::parse(filter));
    if (!parsed)
      return parsed.error().message;
    const auto rows = rows_that_pass(*parsed, items);
    return rows ? std::string() : rows.error().message;
  }

  temporary_directory dir;
  item_attributes items;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_filter_suite, filter_fixture)

BOOST_AUTO_TEST_CASE(finds_the_types_of_the_columns) {
  BOOST_CHECK_EQUAL(to_string(items.find("title")->type), "text");
  BOOST_CHECK_EQUAL(to_string(items.find("price")->type), "number");
  BOOST_CHECK_EQUAL(to_string(items.find("in_stock")->type), "boolean");
  BOOST_CHECK_EQUAL(to_string(items.find("genre")->type), "labels");
  BOOST_CHECK(items.find("item_id") == nullptr);
}

BOOST_AUTO_TEST_CASE(identifiers_of_digits_stay_texts) {
  std::ofstream(dir.path() / "items.csv") << "item_id,ean,sku,price\n"
                                             "a,0012345678905,1234567890123456789,1.50\n"
                                             "b,4006381333931,1234567890123456790,0\n"
                                             "c,,,-0.5\n";
  items = need(item_attributes::read(dir.path() / "items.csv"));
  BOOST_CHECK_EQUAL(to_string(items.find("ean")->type), "text");
  BOOST_CHECK_EQUAL(to_string(items.find("sku")->type), "text");
  BOOST_CHECK_EQUAL(to_string(items.find("price")->type), "number");
  BOOST_CHECK_EQUAL(pass(R"({"ean": "0012345678905"})"), "a");
  BOOST_CHECK_EQUAL(pass(R"({"sku": "1234567890123456789"})"), "a");
  BOOST_CHECK_EQUAL(pass(R"({"price": 1.5})"), "a");
}

BOOST_AUTO_TEST_CASE(a_sloppy_cell_leaves_numbers_numbers) {
  std::ofstream(dir.path() / "items.csv") << "item_id,price,pages,size\n"
                                             "a,05.99,120,38\n"
                                             "b,NA,null,-\n"
                                             "c,007,90,NA\n";
  items = need(item_attributes::read(dir.path() / "items.csv"));
  for (const auto* name : {"price", "pages", "size"})
    BOOST_CHECK_EQUAL(to_string(items.find(name)->type), "number");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"lte": 8}})"), "ac");
  BOOST_CHECK_EQUAL(pass(R"({"pages": {"gt": 0}})"), "ac");
  BOOST_CHECK_EQUAL(pass(R"({"size": 38})"), "a");
}

BOOST_AUTO_TEST_CASE(compares_values_sets_and_bounds) {
  BOOST_CHECK_EQUAL(pass(R"({"title": "Emma"})"), "ad");
  BOOST_CHECK_EQUAL(pass(R"({"title": ["Emma", "Cosmos"]})"), "acd");
  BOOST_CHECK_EQUAL(pass(R"({"title": []})"), "");
  BOOST_CHECK_EQUAL(pass(R"({"price": 20})"), "b");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"lte": 12.5}})"), "ad");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"lt": 12.5}})"), "d");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gte": 12.5}})"), "ab");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gt": 8, "lt": 20}})"), "a");
  BOOST_CHECK_EQUAL(pass(R"({"in_stock": true})"), "acd");
  BOOST_CHECK_EQUAL(pass(R"({"in_stock": false})"), "b");
  BOOST_CHECK_EQUAL(pass(R"({"genre": "Novel"})"), "ab");
  BOOST_CHECK_EQUAL(pass(R"({"genre": {"in": ["Classic", "Comic"]}})"), "ad");
}

BOOST_AUTO_TEST_CASE(all_bounds_of_a_condition_hold) {
  BOOST_CHECK_EQUAL(pass(R"({"price": {"lt": 12.5, "lte": 20}})"), "d");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"lt": 20, "lte": 12.5}})"), "ad");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"lt": 12.5, "lte": 12.5}})"), "d");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gt": 12.5, "gte": 8}})"), "b");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gt": 8, "gte": 12.5}})"), "ab");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gt": 8, "gte": 8}})"), "ab");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gt": 1, "gte": 8, "lt": 20, "lte": 30}})"), "ad");
}

BOOST_AUTO_TEST_CASE(combines_conditions) {
  BOOST_CHECK_EQUAL(pass("{}"), "abcd-");
  BOOST_CHECK_EQUAL(pass(R"({"title": "Emma", "price": {"lt": 10}})"), "d");
  BOOST_CHECK_EQUAL(pass(R"({"or": [{"title": "Cosmos"}, {"price": {"gt": 15}}]})"), "bc");
  BOOST_CHECK_EQUAL(pass(R"({"and": [{"title": "Emma"}, {"in_stock": true}], "pages": 40})"), "d");
  BOOST_CHECK_EQUAL(pass(R"({"or": []})"), "");
  BOOST_CHECK_EQUAL(pass(R"({"not": {"title": "Emma"}})"), "bc-");
  BOOST_CHECK_EQUAL(pass(R"({"genre": {"ne": "Novel"}})"), "cd-");
}

BOOST_AUTO_TEST_CASE(missing_values_fulfil_no_comparison) {
  BOOST_CHECK_EQUAL(pass(R"({"price": {"gt": -1e300}})"), "abd");
  BOOST_CHECK_EQUAL(pass(R"({"pages": {"lt": 1e9}})"), "acd");
  BOOST_CHECK_EQUAL(pass(R"({"genre": {"in": ["Novel", "Comic"]}})"), "abd");
}

BOOST_AUTO_TEST_CASE(missing_values_fulfil_a_negation) {
  BOOST_CHECK_EQUAL(pass(R"({"price": {"ne": 8}})"), "abc-");
  BOOST_CHECK_EQUAL(pass(R"({"price": {"ne": 8}})"), pass(R"({"not": {"price": 8}})"));
  BOOST_CHECK_EQUAL(pass(R"({"price": {"ne": 8, "gt": 0}})"), "ab"); // only items with a price
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong) {
  BOOST_CHECK_EQUAL(refusal(R"({"pric": 5})"),
                    "filter: the items have no attribute \"pric\"; did you mean price?");
  BOOST_CHECK_EQUAL(refusal(R"({"price": "cheap"})"),
                    "filter: \"price\": expected numbers, as the items have, got \"cheap\"");
  BOOST_CHECK_EQUAL(refusal(R"({"title": {"lt": 5}})"),
                    "filter: \"title\": expected texts, as the items have, got bounds");
  BOOST_CHECK_EQUAL(refusal(R"({"price": {"below": 5}})"),
                    "filter: price: expected gt, gte, lt, lte, eq, ne or in, got \"below\"");
  BOOST_CHECK_EQUAL(refusal(R"({"pric": {}})"),
                    "filter: the items have no attribute \"pric\"; did you mean price?");
  for (const std::string known : {"price", "title", "in_stock", "genre"})
    BOOST_CHECK_EQUAL(refusal((R"({"not": {")" + known + R"(": {}}})").c_str()),
                      "filter: " + known + ": expected gt, gte, lt, lte, eq, ne or in, got {}");
  BOOST_CHECK_EQUAL(refusal(R"({"price": {"lt": "5"}})"), "filter: price.lt: expected a number, got \"5\"");
  BOOST_CHECK_EQUAL(refusal(R"({"or": {"price": 5}})"),
                    "filter: or: expected an array of filters, got {\"price\":5}");
  BOOST_CHECK_EQUAL(refusal(R"({"title": null})"),
                    "filter: title: expected a text, a number, true or false, got null");
  BOOST_CHECK_EQUAL(refusal(R"({"not": 5})"), "filter: not: expected an object of conditions, got 5");
  BOOST_CHECK_EQUAL(refusal("[]"), "filter: expected an object of conditions, got []");
}

BOOST_AUTO_TEST_CASE(bounds_depth_and_size) {
  std::string deep = "{}";
  for (int level = 0; level < 40; ++level)
    deep = R"({"not": )" + deep + "}";
  BOOST_CHECK_EQUAL(refusal(deep.c_str()), "filter: expected at most 32 levels of conditions, got more");
  auto many = json::object();
  for (int i = 0; i < 1001; ++i)
    many[std::to_string(i)] = 1;
  BOOST_CHECK_EQUAL(parse_filter(many).error().message, "filter: expected at most 1000 conditions, got more");
  many.erase("0");
  BOOST_CHECK_EQUAL(conditions_in(need(parse_filter(many))), 1001u); // and what joins them
  const auto empty = [](std::size_t parts) { return json{{"or", json(parts, json::object())}}; };
  BOOST_CHECK(parse_filter(empty(999)));
  BOOST_CHECK(!parse_filter(empty(1000)));
}

BOOST_AUTO_TEST_CASE(finds_each_of_many_values) {
  auto values = json::array();
  for (int i = 1000; i > 0; --i)
    values.push_back(i % 2 == 0 ? i / 2 : -i);
  BOOST_CHECK_EQUAL(pass(json{{"pages", values}}.dump().c_str()),
                    pass(R"({"pages": {"gte": 1, "lte": 500}})"));
  BOOST_CHECK_EQUAL(pass(R"({"pages": []})"), "");
}

BOOST_AUTO_TEST_CASE(a_fifo_is_named_and_not_waited_for) {
  const auto fifo = dir.path() / "fifo.csv";
  BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  const auto read = item_attributes::read(fifo);
  BOOST_REQUIRE(!read);
  BOOST_CHECK_EQUAL(read.error().message, fifo.string() + ": expected a regular file, got a FIFO");
}

BOOST_AUTO_TEST_CASE(ids_are_without_blanks_and_without_the_fraction_of_pandas) {
  const auto ids_in = [this](const char* text) {
    std::ofstream(dir.path() / "other.csv") << text;
    const auto read = need(item_attributes::read(dir.path() / "other.csv"));
    std::string ids;
    for (std::size_t row = 0; row < read.ids().size(); ++row)
      ids += "<" + std::string(read.ids()[row]) + ">";
    return ids;
  };
  BOOST_CHECK_EQUAL(ids_in("sep=;\nitem_id;price\na;1\nb;2\n"), "<a><b>");
  BOOST_CHECK_EQUAL(ids_in("item_id,price\ra,1\rb,2\r"), "<a><b>");
  BOOST_CHECK_EQUAL(ids_in("price , item_id\n1 , a \n2,\tb\n3,\" c\"\n"), "<a><b>< c>");
  BOOST_CHECK_EQUAL(ids_in("item_id,price\n1.0,5\n2.0,6\n"), "<1><2>");
  BOOST_CHECK_EQUAL(ids_in("item_id,price\n1.0,5\n2,6\n"), "<1.0><2>");
}

BOOST_AUTO_TEST_CASE(names_a_row_that_does_not_fit) {
  std::ofstream(dir.path() / "bad.csv") << "item_id,price\na,1\nb\n";
  const auto read = item_attributes::read(dir.path() / "bad.csv");
  BOOST_REQUIRE(!read);
  BOOST_CHECK_EQUAL(read.error().message,
                    (dir.path() / "bad.csv").string() + ":3:1: expected 2 fields, got 1");
}

BOOST_AUTO_TEST_SUITE_END()
