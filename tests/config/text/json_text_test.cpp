#include "config/text/json_text.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <string>

using namespace winnow;

namespace {

std::string nested(std::size_t levels, const std::string& before, const std::string& after) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i)
    text += before;
  for (std::size_t i = 0; i < levels; ++i)
    text += after;
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_text_suite)

BOOST_AUTO_TEST_CASE(parses_json_up_to_the_deepest_level) {
  BOOST_TEST(parse_json(R"({"a": [1, "x"]})")["a"][1].get<std::string>() == "x");
  for (const auto& text : {nested(most_json_levels, "[", "]"), nested(most_json_levels - 1, R"({"a":)", "}")})
    BOOST_TEST(!is_nested_too_deeply(text));
  BOOST_TEST(!parse_json(nested(most_json_levels, "[", "]")).is_discarded());
}

BOOST_AUTO_TEST_CASE(refuses_deeper_levels_whatever_they_are_made_of) {
  for (const std::size_t levels : {most_json_levels + 1, std::size_t{500'000}})
    for (const auto& text : {nested(levels, "[", "]"), nested(levels, R"({"a":[)", "]}"),
                             nested(levels, "[", ""), R"({"\"a": )" + nested(levels, "[", "]") + "}"}) {
      BOOST_TEST(is_nested_too_deeply(text));
      BOOST_TEST(parse_json(text).is_discarded());
    }
}

BOOST_AUTO_TEST_CASE(counts_neither_what_has_ended_nor_what_is_quoted) {
  std::string all = "[";
  for (std::size_t i = 0; i < 10 * most_json_levels; ++i)
    all += R"({"a": [[]]}, )";
  all += '"' + nested(2 * most_json_levels, "[", "") + R"(\"{{{ \\", 1])";
  BOOST_TEST(!is_nested_too_deeply(all));
  BOOST_TEST(parse_json(all).size() == 10 * most_json_levels + 2);
}

BOOST_AUTO_TEST_CASE(discards_what_is_no_json) {
  for (const char* text : {"", "{", "]]]", "\"", "\"\\", "{\"a\": 1", "nan", "[1] x"}) {
    BOOST_TEST(!is_nested_too_deeply(text), text);
    BOOST_TEST(parse_json(text).is_discarded(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
