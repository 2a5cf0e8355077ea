#include "config/settings/values/duration.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using winnow::parse_duration;

BOOST_AUTO_TEST_SUITE(duration)

BOOST_AUTO_TEST_CASE(reads_every_unit) {
  BOOST_TEST((parse_duration("500ms") == 500ms));
  BOOST_TEST((parse_duration("2s") == 2000ms));
  BOOST_TEST((parse_duration("1m") == 60'000ms));
  BOOST_TEST((parse_duration("3h") == 10'800'000ms));
  BOOST_TEST((parse_duration("2d") == 172'800'000ms));
}

BOOST_AUTO_TEST_CASE(refuses_a_number_without_a_unit_unless_it_is_zero) {
  BOOST_TEST(!parse_duration("250").has_value());
  BOOST_TEST((parse_duration("0") == 0ms));
}

BOOST_AUTO_TEST_CASE(refuses_everything_else) {
  for (const auto* text :
       {"", "ms", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1min", "0x10", "1s500ms"})
    BOOST_TEST(!parse_duration(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(refuses_numbers_that_are_too_large) {
  BOOST_TEST(!parse_duration("99999999999999999999").has_value());
  BOOST_TEST(!parse_duration("9223372036854775807h").has_value());
  BOOST_TEST((parse_duration("9223372036854775807ms") == std::chrono::milliseconds::max()));
}

BOOST_AUTO_TEST_CASE(says_so_if_nothing_but_the_unit_is_missing) {
  BOOST_TEST(winnow::hint_at_unit("10") == ", which lacks a unit: ms, s, m, h or d");
  for (const auto* text : {"", "0", "00", "-10", "10 s", "1.5", "soon"})
    BOOST_TEST(winnow::hint_at_unit(text) == "", text);
}

BOOST_AUTO_TEST_CASE(prints_the_largest_exact_unit) {
  BOOST_TEST(winnow::to_string(0ms) == "0ms");
  BOOST_TEST(winnow::to_string(1500ms) == "1500ms");
  BOOST_TEST(winnow::to_string(5s) == "5s");
  BOOST_TEST(winnow::to_string(120s) == "2m");
  BOOST_TEST(winnow::to_string(36h) == "36h");
  BOOST_TEST(winnow::to_string(48h) == "2d");
}

BOOST_AUTO_TEST_SUITE_END()
