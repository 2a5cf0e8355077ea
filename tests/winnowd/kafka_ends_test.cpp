#include "kafka_flags.hpp"
#include "kafka_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <utility>

using namespace winnow::test;

BOOST_AUTO_TEST_SUITE(kafka_ends)

BOOST_AUTO_TEST_CASE(dead_letters_are_the_messages_as_they_were) {
  const kafka_cluster kafka(kafka_mock(), 1);
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  const std::string large(2'000'000, 'x'); // more than librdkafka sends unless it is told to
  writer.send({std::nullopt, std::nullopt, {{"traceparent", "00-1"}, {"none", std::nullopt}}});
  writer.send({"", large, {}});
  writer.flush();
  daemon_process shop(kafka_flags(redis, kafka, {"--kafka-dead-letter", "bad"}));
  shop.wait_until_ready();
  kafka_reader bad(kafka.brokers(), "bad");
  auto letters = bad.read_messages(2);
  if (letters[0].value) // their topic has several partitions
    std::swap(letters[0], letters[1]);
  BOOST_CHECK(!letters[0].key && !letters[0].value);
  BOOST_CHECK(letters[0].headers.at("traceparent") == "00-1");
  BOOST_CHECK(letters[0].headers.at("none") == std::nullopt);
  BOOST_CHECK(letters[0].headers.at("winnow.reason") == "empty");
  BOOST_CHECK(letters[0].headers.count("winnow.timestamp") == 1);
  BOOST_CHECK(letters[1].key == "");
  BOOST_CHECK(letters[1].value == large);
}

BOOST_AUTO_TEST_CASE(stops_at_once_while_the_group_shares_its_partitions_anew) {
  const kafka_cluster kafka(kafka_mock());
  redis_server redis;
  const strings long_session{"--kafka-option", "session.timeout.ms=30000"}; // the cluster waits about as long
  daemon_process first(kafka_flags(redis, kafka, long_session));
  first.wait_until_ready();
  BOOST_REQUIRE(reads_partitions(first, 4));
  const daemon_process second(kafka_flags(redis, kafka, long_session));
  BOOST_REQUIRE(reads_partitions(first, 0)); // it has given them up, and asks which ones it gets
  first.signal(SIGTERM);
  BOOST_CHECK_EQUAL(first.wait().value_or(-1), 0);
  BOOST_CHECK_MESSAGE(first.errors().find("leaving without") != std::string::npos, first.errors());
}

BOOST_AUTO_TEST_SUITE_END()
