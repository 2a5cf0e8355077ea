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
}

BOOST_AUTO_TEST_SUITE_END()
