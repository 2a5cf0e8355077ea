#include "config/text/inside_brackets.hpp"

#include <boost/test/unit_test.hpp>

using winnow::inside_brackets;

BOOST_AUTO_TEST_SUITE(texts_in_brackets)

BOOST_AUTO_TEST_CASE(takes_off_the_brackets_around_a_text) {
  BOOST_TEST(inside_brackets("[::1]").value_or("none") == "::1");
  BOOST_TEST(inside_brackets("[]").value_or("none") == "");
  BOOST_TEST(inside_brackets("[[::1]]").value_or("none") == "[::1]");
}

BOOST_AUTO_TEST_CASE(there_must_be_both) {
  for (const auto* text : {"", "[", "]", "::1", "[::1", "::1]", "[::1]:80", "]["})
    BOOST_TEST(!inside_brackets(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
