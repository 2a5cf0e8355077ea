#include "models/attributes/item_attributes.hpp"

#include "config/log/event_ring.hpp"
#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace winnow;
using namespace winnow::test;

namespace {

struct items_file {
  temporary_directory dir;
  const std::filesystem::path file = dir.path() / "items.csv";

  result<item_attributes> read(const std::string& text) const {
    std::ofstream(file) << text;
    return item_attributes::read(file);
  }

  /// What `read` says about the column `pages`, e.g. `warning 3 05`, one after the other.
  std::string report_on_pages(const std::string& text) const {
    const auto before = kept_events().last_id();
    need(read(text));
    std::string found;
    for (const auto& event : kept_events().since(before)) {
      if (event.event != "column of whole numbers is read as texts, because one may be a code")
        continue;
      found += event.level == log_level::warning ? "warning" : "info";
      for (const auto& [name, value] : event.fields)
        if (name == "line")
          found += " " + std::to_string(std::get<std::uint64_t>(value));
        else if (name == "value" || name == "column")
          found += " " + std::get<std::string>(value);
    }
    return found;
  }
};

std::string type_of(const item_attributes& items, const char* column) {
  return std::string(to_string(items.find(column)->type));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_attributes_suite, items_file)

BOOST_AUTO_TEST_CASE(says_which_value_makes_numbers_texts) {
  BOOST_TEST(report_on_pages("item_id,pages\na,400\nb,05\nc,90\nd,07\n") == "warning 3 pages 05");
  BOOST_TEST(report_on_pages("item_id,pages\na,400\nb,12345678901234567890\n") ==
             "warning 3 pages 12345678901234567890");
  BOOST_TEST(report_on_pages("item_id,title,pages\na,\"b\nc\",400\nb,x,NA\nc,y,05\n") ==
             "warning 5 pages 05");
}

BOOST_AUTO_TEST_CASE(codes_of_one_length_are_usual) {
  BOOST_TEST(report_on_pages("item_id,pages\na,01067\nb,80331\nc,NA\n") == "info 2 pages 01067");
  BOOST_TEST(report_on_pages("item_id,pages\na,05\nb,10\n") == "warning 2 pages 05"); // too short for a code
}

BOOST_AUTO_TEST_CASE(says_nothing_of_other_columns) {
  BOOST_TEST(report_on_pages("item_id,pages\na,400\nb,90\n") == "");
  BOOST_TEST(report_on_pages("item_id,pages\na,400.5\nb,05\n") == "");          // numbers all the same
  BOOST_TEST(report_on_pages("item_id,pages\na,007 James\nb,about 5\n") == ""); // texts anyway
}

BOOST_AUTO_TEST_CASE(commas_before_decimals_are_read_between_semicolons) {
  const auto items = need(read("sep=;\nitem_id;price;size;code;list;mixed\n"
                               "a;1,5;05,50;007;1,2,3;1,5\n"
                               "b;2,25;7;12;4;1.5\n"
                               "c;-3;NA;;;\n"));
  BOOST_TEST(type_of(items, "price") == "number");
  BOOST_TEST(items.find("price")->numbers[0] == 1.5);
  BOOST_TEST(items.find("price")->numbers[1] == 2.25);
  BOOST_TEST(items.find("price")->numbers[2] == -3);
  BOOST_TEST(type_of(items, "size") == "number");
  BOOST_TEST(items.find("size")->numbers[0] == 5.5);
  BOOST_TEST(std::isnan(items.find("size")->numbers[2]));
  BOOST_TEST(type_of(items, "code") == "text");
  BOOST_TEST(type_of(items, "list") == "text");
  BOOST_TEST(type_of(items, "mixed") == "text");
}

BOOST_AUTO_TEST_CASE(commas_between_commas_are_no_decimals) {
  BOOST_TEST(type_of(need(read("item_id,price\na,\"1,500\"\nb,\"2,5\"\n")), "price") == "text");
}

BOOST_AUTO_TEST_CASE(columns_with_one_name_are_refused) {
  const auto read_again = read("item_id,price,title,\"price\"\na,1,x,2\n");
  BOOST_REQUIRE(!read_again);
  BOOST_TEST(read_again.error().message ==
             file.string() + ":1:21: expected each column's name once, got \"price\" in fields 2 and 4");
  BOOST_TEST(need(read(",item_id,,price\n0,a,1,2\n")).names() == std::vector<std::string>{"price"},
             boost::test_tools::per_element()); // columns without a name
}

BOOST_AUTO_TEST_CASE(ids_with_control_characters_are_refused) {
  const auto refusal = [this](const std::string& text) {
    const auto got = read(text);
    return got ? std::string() : got.error().message.substr(file.string().size());
  };
  BOOST_TEST(refusal("item_id,price\na,1\n\"b\nc\",2\n") ==
             ":3:1: expected an item's id without control characters, got \"b\\nc\"");
  BOOST_TEST(refusal("price,item_id\n1,\"a\tb\"\n") ==
             ":2:3: expected an item's id without control characters, got \"a\\tb\"");
  BOOST_TEST(refusal("item_id,price\na\x01,1\n") ==
             ":2:1: expected an item's id without control characters, got \"a\\x01\"");
  BOOST_TEST(refusal("item_id,price\n,1\n") == ":2:1: expected an item's id, got \"\"");
  BOOST_TEST(refusal("item_id,title\na,\"two\nlines\tand a tab\"\n") == ""); // a value may have them
}

BOOST_AUTO_TEST_SUITE_END()
