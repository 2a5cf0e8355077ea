#include "models/attributes/attribute_value.hpp"

#include "config/text/number_text.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using nlohmann::json;

namespace {

attribute_value parsed(const char* name, const char* from, std::optional<attribute_type> type = {}) {
  const auto value = parse_attribute(name, json::parse(from), type);
  BOOST_REQUIRE_MESSAGE(value, name << ": " << from);
  return *value;
}

std::string refusal(const char* name, const char* from, std::optional<attribute_type> type = {}) {
  const auto value = parse_attribute(name, json::parse(from), type);
  BOOST_REQUIRE_MESSAGE(!value, name << ": " << from);
  return value.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(attribute_value_suite)

BOOST_AUTO_TEST_CASE(a_new_attribute_gets_the_type_of_its_first_value) {
  BOOST_CHECK(parsed("a", "1.5").type == attribute_type::number);
  BOOST_CHECK(parsed("a", "true").type == attribute_type::boolean);
  BOOST_CHECK(parsed("a", "\"x\"").type == attribute_type::text);
  BOOST_CHECK(parsed("a", R"(["x", "y"])").type == attribute_type::labels);
  BOOST_CHECK(parsed("a", "null").is_missing());
}

BOOST_AUTO_TEST_CASE(a_known_attribute_keeps_its_type) {
  BOOST_CHECK_EQUAL(refusal("price", "\"cheap\"", attribute_type::number),
                    "price: expected a number, got \"cheap\"");
  BOOST_CHECK_EQUAL(refusal("rare", "1", attribute_type::boolean), "rare: expected true or false, got 1");
  BOOST_CHECK_EQUAL(refusal("title", "5", attribute_type::text).substr(0, 29),
                    "title: expected a text of 1 t");
  BOOST_CHECK_EQUAL(parsed("tags", "\"one\"", attribute_type::labels).texts.size(), 1u);
  BOOST_CHECK(parsed("price", "null", attribute_type::number).is_missing());
}

BOOST_AUTO_TEST_CASE(hidden_is_a_boolean_in_many_words) {
  for (const auto* yes : {"true", "1", "\"yes\"", "\"TRUE\"", "\"on\"", "\"1\""})
    BOOST_CHECK_EQUAL(parsed("hidden", yes, attribute_type::text).number, 1);
  for (const auto* no : {"false", "0", "\"No\"", "\"f\"", "\"off\""})
    BOOST_CHECK_EQUAL(parsed("hidden", no).number, 0);
  for (const auto* other : {"2", "\"maybe\"", "\"\"", "[]", "{}", "\"q\""})
    BOOST_CHECK_NE(refusal("hidden", other), "");
}

BOOST_AUTO_TEST_CASE(available_until_is_a_time_of_any_form) {
  for (const auto* time : {"1900000000", "1900000000000", "1900000000000000", "\"2030-03-17T17:46:40Z\"",
                           "\"2030-03-17 18:46:40+01:00\"", "\"1900000000\""})
    BOOST_CHECK_EQUAL(parsed("available_until", time).number, 1'900'000'000);
  BOOST_CHECK_EQUAL(refusal("available_until", "\"soon\""),
                    "available_until: expected a time as ISO 8601 or Unix time, got \"soon\"");
  BOOST_CHECK_NE(refusal("available_until", "true"), "");
}

BOOST_AUTO_TEST_CASE(available_until_is_a_date_of_eight_digits) {
  for (const auto* date : {"20301231", "20301231.0", "\"20301231\""})
    BOOST_CHECK_EQUAL(parsed("available_until", date).number, 1'924'905'600);
  BOOST_CHECK_EQUAL(refusal("available_until", "20300231"),
                    "available_until: expected a time as ISO 8601 or Unix time, got 20300231");
}

BOOST_AUTO_TEST_CASE(codes_are_numbers_that_lose_digits) {
  for (const auto* text : {"0", "7", "-7", "1.50", "0.5", "-0.5", ".5", "0.00", "1e-05",
                           "12.340000000000000000001", "9007199254740992", "-9007199254740992"})
    BOOST_CHECK_MESSAGE(parse_decimal(text) && !is_code(text), text);
  for (const auto* text : {"007", "00", "-01", "00.5", "9007199254740993", "-9007199254740993",
                           "9007199254740993.0", "1234567890123456789", "99999999999999999999"})
    BOOST_CHECK_MESSAGE(parse_decimal(text) && is_code(text), text);
  for (const auto* text : {"+1", "nan", "inf", "1e999", "1x", "-", ""})
    BOOST_CHECK_MESSAGE(!parse_decimal(text), text);
}

BOOST_AUTO_TEST_CASE(fractions_are_not_zero) {
  BOOST_CHECK(has_fraction("0.50"));
  BOOST_CHECK(has_fraction("0,50"));
  BOOST_CHECK(!has_fraction("5,00"));
  BOOST_CHECK(!has_fraction("5.00"));
  BOOST_CHECK(!has_fraction("50"));
}

BOOST_AUTO_TEST_SUITE_END()
