#include "tools/winnow-bench/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace winnow::bench;

BOOST_AUTO_TEST_SUITE(samples_)

BOOST_AUTO_TEST_CASE(has_median_and_spread) {
  const samples odd{{3, 1, 2}}, even{{4, 1, 3, 2}};
  BOOST_CHECK_EQUAL(odd.median(), 2);
  BOOST_CHECK_EQUAL(even.median(), 2.5);
  BOOST_CHECK_EQUAL(even.least(), 1);
  BOOST_CHECK_EQUAL(even.greatest(), 4);
  BOOST_CHECK(std::isnan(samples().median()));
}

BOOST_AUTO_TEST_CASE(ratios_divide_values_of_the_same_repetition) {
  // The machine is half as fast in the second repetition. That slows down both, so the ratio is unchanged.
  BOOST_CHECK_EQUAL(ratios({{30, 15}}, {{10, 5}}).median(), 3);
}

BOOST_AUTO_TEST_CASE(are_formatted_with_three_digits) {
  BOOST_CHECK_EQUAL(number_text(12345.6), "12346");
  BOOST_CHECK_EQUAL(number_text(12.34), "12.3");
  BOOST_CHECK_EQUAL(number_text(1.234), "1.23");
  BOOST_CHECK_EQUAL(number_text(0.01234), "0.0123");
  BOOST_CHECK_EQUAL(number_text(0), "0");
  BOOST_CHECK_EQUAL(samples_text({{1, 2, 3}}), "2.00 (1.00 to 3.00)");
  BOOST_CHECK_EQUAL(samples_text({{2}}), "2.00");
  BOOST_CHECK_EQUAL(samples_text({}), "");
}

BOOST_AUTO_TEST_SUITE_END()
