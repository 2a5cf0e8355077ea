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
