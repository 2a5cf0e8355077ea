#include "http/message.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace winnow::http {

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(an_error_has_two_keys_in_this_order) {
  const response answer = json_error(404, "No recommendations found");
  BOOST_TEST(answer.status == 404U);
  BOOST_TEST(answer.content_type == "application/json");
  BOOST_TEST(answer.body == R"({"status":"error","message":"No recommendations found"})");
}

BOOST_AUTO_TEST_CASE(an_error_is_json_whatever_it_quotes) {
  const auto parsed = nlohmann::json::parse(json_error(400, "got \"a\\\"\n\x01 and \xff\xfe").body);
  BOOST_TEST(parsed["message"].get<std::string>() == "got \"a\\\"\n\x01 and \xEF\xBF\xBD\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(a_status_answer_has_one_key) {
  const response answer = status_answer("success");
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(answer.content_type == "application/json");
  BOOST_TEST(answer.body == R"({"status":"success"})");
}

BOOST_AUTO_TEST_CASE(each_cause_has_its_status) {
  const std::pair<fault, unsigned> expected[] = {
      {fault::invalid_argument, 400}, {fault::malformed, 422},   {fault::unsupported, 422},
      {fault::too_large, 413},        {fault::not_found, 404},   {fault::denied, 403},
      {fault::conflict, 409},         {fault::unavailable, 503}, {fault::overloaded, 503},
      {fault::timeout, 504},          {fault::io_error, 500},    {fault::internal, 500}};
  for (const auto& [cause, status] : expected)
    BOOST_TEST(error_response({cause, "why"}).status == status, to_string(cause));
}

BOOST_AUTO_TEST_CASE(unavailable_has_retry_after) {
  const response answer = error_response({fault::unavailable, "no candidates"});
  BOOST_REQUIRE_EQUAL(answer.headers.size(), 1U);
  BOOST_TEST(answer.headers[0].first == "Retry-After");
  BOOST_TEST(error_response({fault::timeout, "late"}).headers.empty());
}

BOOST_AUTO_TEST_CASE(missing_and_empty_query_parameters_differ) {
  request asked;
  asked.query = {{"a", ""}, {"b", "1"}, {"b", "2"}};
  BOOST_TEST(asked.query_parameter("a").value() == "");
  BOOST_TEST(asked.query_parameter("b").value() == "1");
  BOOST_TEST(!asked.query_parameter("c").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http
