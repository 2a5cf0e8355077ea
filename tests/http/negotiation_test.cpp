#include "http/negotiation.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow::http {

BOOST_AUTO_TEST_SUITE(negotiation)

BOOST_AUTO_TEST_CASE(metrics_are_json_unless_text_is_preferred) {
  for (const char* accept :
       {"", "*/*", "application/json", "application/*", "text/html,application/xml;q=0.9,*/*;q=0.8",
        "application/json, text/plain, */*", "application/json;q=0.9, text/plain;q=0.5", "image/png",
        "text/plain;q=0", "text/plain;q=0.000, */*"})
    BOOST_TEST((wanted_metrics(accept) == metrics_type::json), accept);
}

BOOST_AUTO_TEST_CASE(scrapers_get_metrics_as_prometheus_text) {
  for (const char* accept :
       {"text/plain", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "TEXT/PLAIN", "text/*", "text/plain, */*",
        "application/json;q=0.5, text/plain", "text/plain, application/openmetrics-text;q=0.5"})
    BOOST_TEST((wanted_metrics(accept) == metrics_type::prometheus_text), accept);
}

BOOST_AUTO_TEST_CASE(scrapers_that_name_open_metrics_get_it) {
  for (const char* accept :
       {"application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/openmetrics-text", "application/openmetrics-text, text/plain",
        "Application/OpenMetrics-Text; version=1.0.0, */*;q=0.1"})
    BOOST_TEST((wanted_metrics(accept) == metrics_type::open_metrics), accept);
}

BOOST_AUTO_TEST_CASE(json_types_are_recognised) {
  for (const char* type :
       {"application/json", "Application/JSON ; charset=utf-8", "application/problem+json"})
    BOOST_TEST(is_json(type), type);
  for (const char* type : {"", "text/json", "application/", "application/jsonp", "application/+json",
                           "application/x-www-form-urlencoded", "application/xml"})
    BOOST_TEST(!is_json(type), type);
}

BOOST_AUTO_TEST_CASE(a_preference_is_found_in_a_list) {
  BOOST_TEST(prefers("respond-async", "respond-async"));
  BOOST_TEST(prefers("wait=10, Respond-Async; x=1", "respond-async"));
  BOOST_TEST(!prefers("", "respond-async"));
  BOOST_TEST(!prefers("respond-async-not", "respond-async"));
}

BOOST_AUTO_TEST_CASE(bool_parameters_are_strict) {
  request asked;
  asked.query = {{"a", "true"}, {"b", "0"}, {"c", "OFF"}, {"d", "maybe"}, {"e", ""}};
  BOOST_TEST(bool_parameter(asked, "a", false).value());
  BOOST_TEST(!bool_parameter(asked, "b", true).value());
  BOOST_TEST(!bool_parameter(asked, "c", true).value());
  BOOST_TEST(bool_parameter(asked, "missing", true).value());
  const auto wrong = bool_parameter(asked, "d", true);
  BOOST_REQUIRE(!wrong);
  BOOST_TEST((wrong.error().cause == fault::invalid_argument));
  BOOST_TEST(wrong.error().message == "query parameter 'd': expected true or false, got 'maybe'");
  BOOST_TEST(!bool_parameter(asked, "e", true));
}

BOOST_AUTO_TEST_CASE(number_parameters_are_strict) {
  request asked;
  asked.query = {{"a", "1"},  {"b", "100"}, {"c", "0"},   {"d", "101"},
                 {"e", "-1"}, {"f", "1.5"}, {"g", "ten"}, {"h", "99999999999999999999999"},
                 {"i", ""},   {"j", " 5"},  {"k", "5x"}};
  BOOST_TEST(number_parameter(asked, "a", 10, 1, 100).value() == 1U);
  BOOST_TEST(number_parameter(asked, "b", 10, 1, 100).value() == 100U);
  BOOST_TEST(number_parameter(asked, "missing", 10, 1, 100).value() == 10U);
  for (const char* name : {"c", "d", "e", "f", "g", "h", "i", "j", "k"})
    BOOST_TEST(!number_parameter(asked, name, 10, 1, 100), name);
  const auto wrong = number_parameter(asked, "d", 10, 1, 100);
  BOOST_TEST((wrong.error().cause == fault::invalid_argument));
  BOOST_TEST(wrong.error().message == "query parameter 'd': expected a number from 1 to 100, got '101'");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http
