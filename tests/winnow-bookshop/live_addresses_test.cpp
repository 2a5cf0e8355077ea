#include "tools/winnow-bookshop/live/kafka_link.hpp"
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
  BOOST_TEST(!plain->tls);
  const auto encrypted = parse_service_address("https://shop");
  BOOST_REQUIRE(encrypted);
  BOOST_TEST(encrypted->tls);
  BOOST_TEST(to_string(*encrypted) == "https://shop:443");
  for (const auto* const wrong : {"", "shop:80", "ftp://shop", "http://shop?a", "http://me@shop", "http://",
                                  "http://:80", "http://shop:", "http://shop:0", "http://shop:65536",
                                  "http://shop:80x", "http://shop/path", "http://[::1", "http://[::1]9"})
    BOOST_TEST(!parse_service_address(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(of_a_live_shop) {
  BOOST_TEST((parse_live_address("redis://localhost:6379/2")->transport == live_address::kind::redis));
  BOOST_TEST((parse_live_address("unix:///run/redis.sock")->transport == live_address::kind::redis));
  BOOST_TEST((parse_live_address("http://localhost:8001")->transport == live_address::kind::http));
  BOOST_TEST((parse_live_address("https://localhost:8001")->transport == live_address::kind::http));
  BOOST_TEST((parse_live_address("kafka://localhost:9092")->transport == live_address::kind::kafka));
  for (const auto* const wrong :
       {"", "memory:", "file:/tmp", "ftp://shop", "redis://host:port", "kafka:///topic"})
    BOOST_TEST(!parse_live_address(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(of_a_kafka_topic) {
  const auto plain = parse_kafka_address("kafka://localhost:9092");
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->kafka.brokers == "localhost:9092");
  BOOST_TEST(plain->kafka.topic == "user_behavior");
  BOOST_TEST((plain->format == kafka_format::profiles));
  const auto full =
      parse_kafka_address("kafka://one:1,two:2/purchases?format=events&sasl.password=a%26b&acks=all");
  BOOST_REQUIRE(full);
  BOOST_TEST(full->kafka.brokers == "one:1,two:2");
  BOOST_TEST(full->kafka.topic == "purchases");
  BOOST_TEST((full->format == kafka_format::events));
  BOOST_REQUIRE(full->kafka.options.size() == 2U);
  BOOST_TEST(full->kafka.options[0].second == "a&b");
  BOOST_TEST(full->kafka.options[1].first == "acks");
  BOOST_TEST(!full->store.has_value());
  const auto beside_redis = parse_kafka_address("kafka://one:1?store=redis://:a%2525b@shop:6380/2&acks=all");
  BOOST_REQUIRE(beside_redis);
  BOOST_REQUIRE(beside_redis->store);
  BOOST_TEST(beside_redis->store->host == "shop");
  BOOST_TEST(beside_redis->store->port == 6380);
  BOOST_TEST(beside_redis->store->database == 2U);
  BOOST_TEST(beside_redis->store->password == "a%b");
  BOOST_TEST(beside_redis->kafka.options.size() == 1U);
  for (const auto* const wrong :
       {"", "redis://host", "kafka://", "kafka://host/a/b", "kafka://host?format=xml", "kafka://host?a=%zz",
        "kafka://host?store=memory:", "kafka://host?store=file:/tmp", "kafka://host?store=http://host"})
    BOOST_TEST(!parse_kafka_address(wrong), wrong);
  const auto unknown = open_shop_link({live_address::kind::kafka, "kafka://localhost:1/t?acsk=1"}, {});
  BOOST_REQUIRE(!unknown);
  BOOST_TEST(unknown.error().message.find("acsk") != std::string::npos, unknown.error().message);
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
