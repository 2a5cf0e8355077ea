#include "redis/records/profile.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

namespace {

error refusal(std::string_view json, const profile_limits& limits = {}) {
  const auto parsed = parse_profile(json, limits);
  BOOST_REQUIRE(!parsed.has_value());
  return parsed.error();
}

void is_malformed(std::string_view json, std::string_view message) {
  const auto refused = refusal(json);
  BOOST_TEST(to_string(refused.cause) == to_string(fault::malformed));
  BOOST_TEST(refused.message == message);
}

profile items(std::string_view json) {
  const auto parsed = parse_profile(json);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().message));
  return parsed->items;
}

std::string listed(std::vector<std::string_view> ids) {
  return to_json(ids);
}

} // namespace

BOOST_AUTO_TEST_SUITE(profile_suite)

BOOST_AUTO_TEST_CASE(reads_item_ids_oldest_first) {
  BOOST_TEST(items(R"(["0764227971", "0990351408"])") == (profile{"0764227971", "0990351408"}));
  BOOST_TEST(items("[]").empty());
  BOOST_TEST(items(" \r\n\t[ ] ").empty());
}

BOOST_AUTO_TEST_CASE(keeps_ids_byte_for_byte) {
  BOOST_TEST(items(R"(["a\u00fc\ud83d\ude00", "ü😀", "", " ", "a\"b\\c\/d", "007"])") ==
             (profile{"aü😀", "ü😀", "", " ", "a\"b\\c/d", "007"}));
  BOOST_TEST(items(R"(["a\u0000b"])").front() == std::string("a\0b", 3));
}

BOOST_AUTO_TEST_CASE(keeps_the_text_of_numbers_as_written) {
  BOOST_TEST(items("[0, -0, 7, -7, 1.50, -0.0, 1e3, 1E+03, 9223372036854775807, -9223372036854775808, "
                   "12345678901234567890, 18446744073709551615, 18446744073709551616, "
                   "123456789012345678901234567890]") ==
             (profile{"0", "-0", "7", "-7", "1.50", "-0.0", "1e3", "1E+03", "9223372036854775807",
                      "-9223372036854775808", "12345678901234567890", "18446744073709551615",
                      "18446744073709551616", "123456789012345678901234567890"}));
}

BOOST_AUTO_TEST_CASE(what_python_stores_and_what_can_be_no_id_is_an_item_that_nobody_knows) {
  const auto stored = [](std::string_view json) {
    const auto parsed = parse_stored_profile(json);
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), json << ": " << (parsed ? "" : parsed.error().message));
    return parsed->items;
  };
  for (const auto* value :
       {"null", "true", "false", "NaN", "Infinity", "-Infinity", R"("\ud800")", R"("a\udc00")",
        R"("\uDBFF\u00fcb")", R"("\ud83d\ud83d\ude00")", R"("\\\ud83d")"}) {
    BOOST_TEST(stored(std::string("[\"a\", ") + value + ", \"b\"]") == (profile{"a", "", "b"}), value);
    BOOST_TEST(stored(std::string("[") + value + "]") == profile{""}, value);
    BOOST_TEST(!parse_profile(std::string("[\"a\", ") + value + "]").has_value(), value);
  }
  BOOST_TEST(stored(R"([NaN, "NaN", "\ud83d\ude00", "\\ud800", "\"", 7])") ==
             (profile{"", "NaN", "😀", "\\ud800", "\"", "7"}));
}

BOOST_AUTO_TEST_CASE(a_stored_profile_that_is_no_array_of_values_is_refused) {
  const auto why = [](std::string_view json) {
    const auto parsed = parse_stored_profile(json);
    BOOST_REQUIRE_MESSAGE(!parsed.has_value(), json);
    return parsed.error().message;
  };
  BOOST_TEST(why("NaN") == "not JSON at byte 1");
  BOOST_TEST(why("null") == "expected an array of strings, got null");
  BOOST_TEST(why(R"([NaN, ["\ud800"]])") == "item 1: expected a string, got an array");
  BOOST_TEST(why(R"([NaN, {}])") == "item 1: expected a string, got an object");
  BOOST_TEST(why(R"(["\ud800", NaN x])") == "not JSON at byte 16 (item 2)");
  for (const auto* text :
       {"", "[NaN", "[nan]", "[-NaN]", "[\"\\ud800", "[\"\\", "[\"\\ud8\"]", "[NaN]]", "[Na]"})
    BOOST_TEST(to_string(parse_stored_profile(text).error().cause) == to_string(fault::malformed), text);
}

BOOST_AUTO_TEST_CASE(names_the_index_and_the_type_of_a_wrong_item) {
  is_malformed(R"(["a", null])", "item 1: expected a string, got null");
  is_malformed("[true]", "item 0: expected a string, got a boolean");
  is_malformed(R"(["a", "b", {"c": 1}])", "item 2: expected a string, got an object");
  is_malformed(R"([["a"]])", "item 0: expected a string, got an array");
}

BOOST_AUTO_TEST_CASE(names_the_type_of_a_value_that_is_not_an_array) {
  is_malformed("{}", "expected an array of strings, got an object");
  is_malformed("\"a\"", "expected an array of strings, got a string");
  is_malformed("17", "expected an array of strings, got a number");
  is_malformed("1.5", "expected an array of strings, got a number");
  is_malformed("null", "expected an array of strings, got null");
  is_malformed("false", "expected an array of strings, got a boolean");
}

BOOST_AUTO_TEST_CASE(names_the_byte_that_is_not_json) {
  is_malformed("", "not JSON at byte 1");
  is_malformed("hello", "not JSON at byte 1");
  is_malformed(R"(["a", )", "not JSON at byte 7 (item 1)");
  is_malformed(R"(["a" "b"])", "not JSON at byte 8 (item 1)");
  is_malformed("[0764227971]", "not JSON at byte 11 (item 1)");
  is_malformed("['a']", "not JSON at byte 2 (item 0)");
  is_malformed(std::string_view("[\"a\"]\0,\"b\"]", 11), "not JSON at byte 6");
  for (const auto* text : {"[\"a\",]", "[\"a", "[\"a\"", "[\"a\"] x", "[\"a\xff\"]", "[\"a\nb\"]",
                           "[\"\\ud800\"]", "[1e999]", "[\"\\x\"]", "[NaN]"})
    BOOST_TEST(to_string(refusal(text).cause) == to_string(fault::malformed), text);
}

BOOST_AUTO_TEST_CASE(names_a_number_that_is_too_large) {
  is_malformed("[1e999]", "a number beyond 1.8e308 at byte 6 (item 0)");
  is_malformed("[1, -1" + std::string(309, '0') + "]", "a number beyond 1.8e308 at byte 315 (item 1)");
}

BOOST_AUTO_TEST_CASE(keeps_the_message_about_a_huge_token_short) {
  BOOST_TEST(refusal("[\"" + std::string(1'000'000, 'a')).message.size() < 100U);
}

BOOST_AUTO_TEST_CASE(refuses_a_depth_bomb_at_its_second_bracket) {
  is_malformed(std::string(1'000'000, '['), "item 0: expected a string, got an array");
  std::string objects;
  for (int i = 0; i < 100'000; ++i)
    objects += "{\"a\":";
  is_malformed("[" + objects, "item 0: expected a string, got an object");
}

BOOST_AUTO_TEST_CASE(refuses_too_many_bytes) {
  const profile_limits limits{10, 100};
  BOOST_TEST(parse_profile("[\"123456\"]", limits).has_value());
  const auto refused = refusal("[\"1234567\"]", limits);
  BOOST_TEST(to_string(refused.cause) == to_string(fault::too_large));
  BOOST_TEST(refused.message == "11 bytes, more than 10");
}

BOOST_AUTO_TEST_CASE(of_too_many_items_the_newest_count) {
  const profile_limits limits{1000, 3};
  for (std::size_t count = 0; count <= 20; ++count) {
    std::string json = "[";
    profile newest;
    for (std::size_t i = 0; i < count; ++i) {
      json += (i == 0 ? "" : ",") + std::to_string(i);
      if (i + 3 >= count)
        newest.push_back(std::to_string(i));
    }
    const auto parsed = parse_profile(json + "]", limits);
    BOOST_REQUIRE(parsed);
    BOOST_TEST(parsed->items == newest, boost::test_tools::per_element());
    BOOST_TEST(parsed->left_out == count - newest.size());
  }
}

BOOST_AUTO_TEST_CASE(errors_count_the_items_that_were_left_out) {
  const profile_limits limits{1000, 3};
  BOOST_TEST(refusal("[1,2,3,4,5,6,7,8,null]", limits).message == "item 8: expected a string, got null");
}

BOOST_AUTO_TEST_CASE(a_million_items_are_read_with_the_default_limits) {
  std::string json = "[0";
  for (int i = 1; i < 1'000'000; ++i)
    json += ',' + std::to_string(i);
  const auto parsed = parse_profile(json + "]");
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->items.size() == 100'000U);
  BOOST_TEST(parsed->items.back() == "999999");
  BOOST_TEST(parsed->left_out == 900'000U);
}

BOOST_AUTO_TEST_CASE(writes_exactly_an_array_of_strings) {
  BOOST_TEST(listed({}) == "[]");
  BOOST_TEST(listed({"0764227971", "a\"b\\c\n", "ü😀"}) == R"(["0764227971","a\"b\\c\n","ü😀"])");
}

BOOST_AUTO_TEST_CASE(replaces_bytes_that_are_not_utf8) {
  BOOST_TEST(listed({"a\xff", "\xc3"}) == "[\"a\xef\xbf\xbd\",\"\xef\xbf\xbd\"]");
}

BOOST_AUTO_TEST_CASE(reads_back_what_it_writes) {
  BOOST_TEST(items(listed({"0764227971", "a\"b\\c\n", "ü😀", ""})) ==
             (profile{"0764227971", "a\"b\\c\n", "ü😀", ""}));
}

BOOST_AUTO_TEST_SUITE_END()
