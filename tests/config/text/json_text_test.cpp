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

BOOST_AUTO_TEST_CASE(a_zero_byte_does_not_end_the_text) {
  BOOST_TEST(parse_json(std::string_view("{}\0garbage", 10)).is_discarded());
  BOOST_TEST(parse_json(std::string_view("{}\0", 3)).is_discarded());
}

BOOST_AUTO_TEST_CASE(counts_neither_what_has_ended_nor_what_is_quoted) {
  std::string all = "[";
  for (std::size_t i = 0; i < 10 * most_json_levels; ++i)
    all += R"({"a": [[]]}, )";
  all += '"' + nested(2 * most_json_levels, "[", "") + R"(\"{{{ \\", 1])";
  BOOST_TEST(!is_nested_too_deeply(all));
  BOOST_TEST(parse_json(all).size() == 10 * most_json_levels + 2);
}

BOOST_AUTO_TEST_CASE(tells_a_number_that_is_too_large_from_text_that_is_no_json) {
  BOOST_TEST(json_defect(R"({"a": [1e400]})") == "a number beyond 1.8e308");
  BOOST_TEST(json_defect("[-1" + std::string(309, '0') + "]") == "a number beyond 1.8e308");
  BOOST_TEST(json_defect("[1e400x]") == "a number beyond 1.8e308"); // which comes first
  BOOST_TEST(json_defect("[1") == "text that is no JSON");
  BOOST_TEST(json_defect(std::string_view("{}\0", 3)) == "text that is no JSON");
  BOOST_TEST(json_defect(nested(most_json_levels + 1, "[", "]")) ==
             "more than " + std::to_string(most_json_levels) + " levels");
}

BOOST_AUTO_TEST_CASE(discards_what_is_no_json) {
  for (const char* text : {"", "{", "]]]", "\"", "\"\\", "{\"a\": 1", "nan", "[1] x"}) {
    BOOST_TEST(!is_nested_too_deeply(text), text);
    BOOST_TEST(parse_json(text).is_discarded(), text);
  }
}

BOOST_AUTO_TEST_CASE(names_a_member_that_parsing_lost) {
  const auto lost = [](std::string_view text) { return lost_member(text, parse_json(text)).value_or(""); };
  BOOST_TEST(lost(R"({"price": 1, "price": 2})") == "price");
  BOOST_TEST(lost(R"({"filter": {"or": [{"a": {"gte": 1, "gte": 1}}]}})") == "gte");
  BOOST_TEST(lost(R"([{"a": 1}, {"b": 1, "c": {"b": 1}, "b": []}])") == "b");
  BOOST_TEST(lost(R"({"price": 1, "pr\u0069ce": 2})") == "price"); // the same name, written in another way
  BOOST_TEST(lost(R"({"a": {"x": 1, "y": 2}, "a": 3, "b": 1, "b": 2})") == "a");
}

BOOST_AUTO_TEST_CASE(names_no_member_if_none_is_lost) {
  for (const char* text : {"{}", "[]", "1", "\"a:b\"", R"({"a": {"a": [{"a": 1}, {"a": 2}]}})",
                           R"({"a:b": ":", "a\":b": "\\", "": "{\"a\":1,\"a\":2}"})"})
    BOOST_TEST(!lost_member(text, parse_json(text)), text);
}

BOOST_AUTO_TEST_CASE(writes_texts_as_the_library_does) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    for (const std::string& text :
         {std::string(1, static_cast<char>(byte)), "a" + std::string(1, static_cast<char>(byte)) + "b"}) {
      const auto expected =
          nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      BOOST_TEST(json_string(text) == expected);
      all += text;
    }
  for (const std::string& text :
       {all, std::string(), std::string("B00TA4OLPF"), std::string("\xC3\xA9\xE2\x82\xAC \xF0\x9F\x93\x96")})
    BOOST_TEST(json_string(text) ==
               nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  std::string behind = "[";
  append_json_string(behind, "x");
  BOOST_TEST(behind == R"(["x")");
}

BOOST_AUTO_TEST_SUITE_END()
