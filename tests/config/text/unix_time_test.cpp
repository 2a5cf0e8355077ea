#include "config/text/unix_time.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

void check(std::string_view text, std::int64_t expected) {
  const auto got = parse_unix_time(text);
  BOOST_TEST_CONTEXT(text) {
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(*got == expected);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(unix_time_suite)

BOOST_AUTO_TEST_CASE(parses_numbers_of_seconds_and_smaller_units) {
  check("1365029107", 1365029107);
  check(" 1365029107 ", 1365029107);
  check("0", 0);
  check("-86400", -86400);
  check("1365029107123", 1365029107);
  check("1365029107123456", 1365029107);
  check("1365029107123456789", 1365029107);
  check("-1365029107123", -1365029107);
  check("964982703.0", 964982703);
  check("9.64982703E8", 964982703);
}

BOOST_AUTO_TEST_CASE(a_number_is_of_the_largest_unit_that_ends_before_the_year_10000) {
  check("253402300799", 253402300799); // the last second of 9999
  check("253402300799.9", 253402300799);
  check("253402300800", 253402300); // milliseconds
  check("-253402300799", -253402300799);
  check("-253402300800", -253402300);
  check("253402300799999", 253402300799);
  check("253402300800000", 253402300); // microseconds
  check("253402300799999999", 253402300799);
  check("253402300800000000", 253402300); // nanoseconds
  check("9223372036854775807", 9223372036);
  check("9223372036854775808", 9223372036); // more than 64 bits hold
  check("253402300799999000000", 253402300799);
  check("100000000000", 100000000000); // seconds in 5138
  for (const auto* text : {"253402300800000000000", "-1e21", "1e300"})
    BOOST_TEST(!parse_unix_time(text), text);
}

BOOST_AUTO_TEST_CASE(parses_iso_8601) {
  check("1970-01-01", 0);
  check("2013-04-03", 1364947200);
  check("2013-04-03T22:45:07Z", 1365029107);
  check("2013-04-03 22:45:07", 1365029107);
  check("2013-04-03T22:45:07.999", 1365029107);
  check("2013-04-03T22:45", 1365029100);
  check("2013-04-04T00:45:07+02:00", 1365029107);
  check("2013-04-03 18:15:07-0430", 1365029107);
  check("2013-04-04T00:45:07 +02", 1365029107);
  check("2013-04-03 22:45:07 UTC", 1365029107);
  check("2000-02-29", 951782400);
  check("1969-12-31T23:59:59Z", -1);
  check("9999-12-31T23:59:59Z", 253402300799);
}

BOOST_AUTO_TEST_CASE(parses_the_basic_form_of_iso_8601) {
  check("20130403T224507Z", 1365029107);
  check("20130403t224507z", 1365029107);
  check("20130403T224507", 1365029107);
  check("20130403T2245", 1365029100);
  check("20130403T2245Z", 1365029100);
  check("20130403T224507.999Z", 1365029107);
  check("20130403T224507,999", 1365029107);
  check("20130404T004507+0200", 1365029107);
  check("20130404T004507.5+02", 1365029107);
  check("20130403T181507-0430", 1365029107);
  check("20130403T1815-04:30", 1365029100);
  check("20130403 22:45:07", 1365029107);
  check("2013-04-03T224507", 1365029107);
  for (const auto* text : {"20130403T", "20130403T22", "20130403T2260", "20130403T224561", "20130403T22450",
                           "20130403T22:4507", "20130403T2245:07", "20130403T224507.", "20130403T224507X",
                           "20131303T2245", "20130229T2245", "2013043T2245", "2013-0403T2245", "201304-03"})
    BOOST_TEST(!parse_unix_time(text), text);
  BOOST_TEST(parse_time_or_date("20301231T101500Z").value() == 1924942500);
  BOOST_TEST(parse_time_or_date("20301231T1115+0100").value() == 1924942500);
}

BOOST_AUTO_TEST_CASE(hour_24_is_the_next_midnight) {
  for (const auto* text : {"2013-04-03T24:00:00Z", "2013-04-03T24:00", "20130403T240000Z",
                           "2013-04-03 24:00:00.0", "2013-04-03T24:00:00+00:00"})
    check(text, 1365033600);
  check("2013-04-03T24:00:00+02:00", 1365026400);
  check("2013-12-31T24:00:00Z", 1388534400);
  for (const auto* text : {"2013-04-03T24:00:01Z", "2013-04-03T24:01Z", "20130403T240001",
                           "2013-04-03T24:00:60Z", "2013-04-03T25:00Z", "2013-04-03T12:00+24:00"})
    BOOST_TEST(!parse_unix_time(text), text);
}

BOOST_AUTO_TEST_CASE(refuses_other_texts) {
  for (const auto* text :
       {"", "soon", "2013-13-01", "2013-02-29", "2013-4-3", "2013-04-03T", "2013-04-03T25:00",
        "2013-04-03T22:45:07X", "12:30", "nan", "inf", "1365029107s", "03/04/2013"})

    BOOST_TEST(!parse_unix_time(text), text);
}

BOOST_AUTO_TEST_CASE(eight_digits_are_a_date) {
  const auto seconds = [](std::string_view text) { return parse_time_or_date(text).value_or(-1); };
  BOOST_TEST(seconds("20301231") == 1924905600);
  BOOST_TEST(seconds(" 20301231 ") == 1924905600);
  BOOST_TEST(seconds("20301231.0") == 1924905600); // as pandas writes a column with empty fields
  BOOST_TEST(seconds("20240229") == 1709164800);
  BOOST_TEST(seconds("19700101") == 0);
  BOOST_TEST(seconds("99991231") == 253402214400); // means: never
  BOOST_TEST(seconds("19691231") == -86400);
  for (const auto* text :
       {"20301301", "20301232", "20230229", "20300100", "99999999", "99991299", "00000000"})
    BOOST_TEST(!parse_time_or_date(text), text);
}

BOOST_AUTO_TEST_CASE(other_times_are_as_without_such_dates) {
  for (const auto* text : {"-20301231", "2030123", "203012310", "1924905600", "1924905600000", "2030-12-31",
                           "2030-12-31T23:59:59Z", "20301231T00", "soon", ""})
    BOOST_TEST((parse_time_or_date(text) == parse_unix_time(text)), text);
  BOOST_TEST(parse_unix_time("20301231").value() ==
             20301231); // of interactions, which may begin with second 0
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
