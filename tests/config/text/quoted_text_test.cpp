#include "config/text/quoted_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(quoted_text_suite)

BOOST_AUTO_TEST_CASE(printable_text_keeps_lines_and_escapes_what_steers_a_terminal) {
  BOOST_TEST(printable_text("two\n\tlines \"as they are\" \xC3\xBC\n") ==
             "two\n\tlines \"as they are\" \xC3\xBC\n");
  BOOST_TEST(printable_text("\x1b[31mred\r\x07\x7f") == "\\x1b[31mred\\x0d\\x07\\x7f");
  BOOST_TEST(printable_text("\xC2\x9B"
                            "31m \xFF") == "\\xc2\\x9b31m \\xff");
  BOOST_TEST(printable_text("a\xE2\x80\xAE"
                            "b\xE2\x81\xA9 \xE2\x80\xA9") == "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa9 \xE2\x80\xA9");
}

BOOST_AUTO_TEST_CASE(characters_of_each_length_are_kept_and_what_is_none_is_escaped) {
  for (const char* text : {"\x7E", "\xC2\xA1", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBD", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBD"})
    BOOST_TEST(printable_text(text) == text);
  BOOST_TEST(printable_text("\xC1\xBF") == "\\xc1\\xbf");                   // overlong
  BOOST_TEST(printable_text("\xE0\x9F\xBF") == "\\xe0\\x9f\\xbf");          // the same
  BOOST_TEST(printable_text("\xF0\x8F\xBF\xBF") == "\\xf0\\x8f\\xbf\\xbf"); // the same
  BOOST_TEST(printable_text("\xED\xA0\x80") == "\\xed\\xa0\\x80");          // half of a pair
  BOOST_TEST(printable_text("\xED\xBF\xBF") == "\\xed\\xbf\\xbf");          // the same
  BOOST_TEST(printable_text("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80"); // above U+10FFFF
  BOOST_TEST(printable_text("\xE2\x82") == "\\xe2\\x82");                   // cut off
  BOOST_TEST(printable_text("\xE2\x28\xA1") == "\\xe2(\\xa1");              // broken
}

BOOST_AUTO_TEST_CASE(utf8_ends_at_the_first_byte_that_is_none) {
  BOOST_TEST(utf8_length("") == 0u);
  BOOST_TEST(utf8_length("a\xC3\xBC\xF0\x90\x80\x80") == 7u);
  BOOST_TEST(utf8_length("a\xC3\xBC\xE2\x82") == 3u);
  BOOST_TEST(utf8_length("ab\xED\xA0\x80") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
