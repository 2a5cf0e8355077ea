#include "tools/winnow-bookshop/live_command.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

BOOST_AUTO_TEST_SUITE(live_addresses)

BOOST_AUTO_TEST_CASE(of_a_service) {
  const auto plain = parse_service_address("http://model-service:8001/");
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->host == "model-service");
  BOOST_TEST(plain->port == 8001);
  BOOST_TEST(parse_service_address("http://shop")->port == 80);
  BOOST_TEST(parse_service_address("http://[::1]:9")->host == "::1");
  BOOST_TEST(to_string(*parse_service_address("http://[::1]:9")) == "http://[::1]:9");
  for (const auto* const wrong :
       {"", "shop:80", "https://shop", "http://", "http://:80", "http://shop:", "http://shop:0",
        "http://shop:65536", "http://shop:80x", "http://shop/path", "http://[::1", "http://[::1]9"})
    BOOST_TEST(!parse_service_address(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(of_a_live_shop) {
  BOOST_TEST((parse_live_address("redis://localhost:6379/2")->transport == live_address::kind::redis));
  BOOST_TEST((parse_live_address("unix:///run/redis.sock")->transport == live_address::kind::redis));
  BOOST_TEST((parse_live_address("http://localhost:8001")->transport == live_address::kind::http));
  const auto kafka = parse_live_address("kafka://localhost:9092/user_behavior");
  BOOST_REQUIRE(!kafka);
  BOOST_TEST((kafka.error().cause == fault::unsupported));
  BOOST_TEST(kafka.error().message == "kafka:// is not built into this program; use redis:// or http://");
  for (const auto* const wrong : {"", "memory:", "file:/tmp", "ftp://shop", "redis://host:port"})
    BOOST_TEST(!parse_live_address(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(of_the_page) {
  BOOST_TEST(parse_page_address("8080")->host == "127.0.0.1");
  BOOST_TEST(parse_page_address("8080")->port == 8080);
  BOOST_TEST(parse_page_address("0.0.0.0:80")->host == "0.0.0.0");
  for (const auto* const wrong : {"", "off", "70000", "https://localhost:80", "unix:/tmp/page", "localhost"})
    BOOST_TEST(!parse_page_address(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
