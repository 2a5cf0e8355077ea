#include "tools/support/number_range.hpp"

#include "tools/support/given_text.hpp"

#include <boost/test/unit_test.hpp>

/// The validators of the command lines.
namespace winnow {

namespace {

std::string refusal(const CLI::Validator& validator, const std::string& text) {
  return validator(text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(number_range_suite)

BOOST_AUTO_TEST_CASE(takes_the_numbers_of_a_range_with_both_ends) {
  for (const char* text : {"0.5", "5e-1", "2", "1.25"})
    BOOST_TEST(refusal(number_range(0.5, 2), text) == "", text);
  for (const char* text : {"0.49", "2.01", "-1", "nan", "NaN", "inf", "two", "", "1x"})
    BOOST_TEST(refusal(number_range(0.5, 2), text) ==
                   "expected a number from 0.5 to 2, got \"" + std::string(text) + "\"",
               text);
}

BOOST_AUTO_TEST_CASE(takes_any_number_that_is_one) {
  for (const char* text : {"-3.5", "0", "1e300"})
    BOOST_TEST(refusal(any_number(), text) == "", text);
  for (const char* text : {"nan", "-inf", "1e400", "many"})
    BOOST_TEST(refusal(any_number(), text) == "expected a number, got \"" + std::string(text) + "\"", text);
}

BOOST_AUTO_TEST_CASE(takes_whole_numbers_without_a_sign) {
  for (const char* text : {"0", "2020", "18446744073709551615"})
    BOOST_TEST(refusal(any_whole_number(), text) == "", text);
  for (const char* text : {"-1", "+1", "99999999999999999999", "18446744073709551616", "1.0", "0x10", ""})
    BOOST_TEST(refusal(any_whole_number(), text) ==
                   "expected a whole number from 0 to 18446744073709551615, got \"" + std::string(text) +
                       "\"",
               text);
  BOOST_TEST(refusal(whole_number_range(2, 9), "9") == "");
  BOOST_TEST(refusal(whole_number_range(2, 9), "1") == "expected a whole number from 2 to 9, got \"1\"");
  BOOST_TEST(refusal(whole_number_range(2, 9), "10") == "expected a whole number from 2 to 9, got \"10\"");
}

BOOST_AUTO_TEST_CASE(refuses_empty_texts) {
  BOOST_TEST(refusal(not_empty("a directory"), "models") == "");
  BOOST_TEST(refusal(not_empty("a directory"), "") == "expected a directory, got an empty text");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
