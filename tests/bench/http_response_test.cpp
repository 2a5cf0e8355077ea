#include "tools/winnow-bench/http_response.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;
using namespace winnow::bench;

BOOST_AUTO_TEST_SUITE(http_response_)

BOOST_AUTO_TEST_CASE(returns_nullopt_until_the_response_is_complete) {
  const std::string whole = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto part = parse_response(whole.substr(0, size));
    BOOST_REQUIRE(part.has_value());
    BOOST_CHECK(!part->has_value());
  }
  const auto parsed = parse_response(whole);
  BOOST_REQUIRE(parsed && *parsed);
  BOOST_CHECK_EQUAL((*parsed)->status, 200U);
  BOOST_CHECK_EQUAL((*parsed)->body, "hello");
  BOOST_CHECK_EQUAL((*parsed)->size, whole.size());
  BOOST_CHECK(!(*parsed)->closes);
}

BOOST_AUTO_TEST_CASE(reports_that_the_connection_closes) {
  const auto parsed = parse_response("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n");
  BOOST_REQUIRE(parsed && *parsed);
  BOOST_CHECK_EQUAL((*parsed)->status, 503U);
  BOOST_CHECK((*parsed)->closes);
}

BOOST_AUTO_TEST_CASE(refuses_chunked_responses_and_other_protocols) {
  const auto chunked = parse_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  BOOST_REQUIRE(!chunked);
  BOOST_CHECK(chunked.error().cause == fault::unsupported);
  const auto other = parse_response("SMTP ready\r\n\r\n");
  BOOST_REQUIRE(!other);
  BOOST_CHECK(other.error().cause == fault::malformed);
}

BOOST_AUTO_TEST_CASE(counts_the_items_of_the_recommendations) {
  BOOST_CHECK_EQUAL(count_recommendations(R"({"recommendations":["a","b","c"],"other":["d"]})"), 3U);
  BOOST_CHECK_EQUAL(count_recommendations(R"({"status": "success", "recommendations": ["a"]})"), 1U);
  BOOST_CHECK_EQUAL(count_recommendations(R"({"recommendations":[]})"), 0U);
  BOOST_CHECK_EQUAL(count_recommendations(R"({"status":"error"})"), 0U);
  BOOST_CHECK_EQUAL(count_recommendations(""), 0U);
}

BOOST_AUTO_TEST_SUITE_END()
