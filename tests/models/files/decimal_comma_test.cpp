#include "models/files/decimal_comma.hpp"

#include <boost/test/unit_test.hpp>

using winnow::parse_comma_decimal;

BOOST_AUTO_TEST_SUITE(decimal_comma)

BOOST_AUTO_TEST_CASE(reads_numbers_with_and_without_decimals) {
  BOOST_TEST(parse_comma_decimal("1,5").value() == 1.5);
  BOOST_TEST(parse_comma_decimal("-12,50").value() == -12.5);
  BOOST_TEST(parse_comma_decimal("7").value() == 7);
  BOOST_TEST(parse_comma_decimal("05,00").value() == 5);
}

BOOST_AUTO_TEST_CASE(refuses_other_texts) {
  for (const auto* text :
       {"", "-", ",", "1,", ",5", "1.5", "1,5,5", "1.000,5", "1,-5", "1,5e3", "a,5", "+1,5"})
    BOOST_TEST(!parse_comma_decimal(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
