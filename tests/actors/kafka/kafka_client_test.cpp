#include "actors/kafka/kafka_check.hpp"
#include "actors/kafka/kafka_statistics.hpp"
#include "actors/kafka/result_topic.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace winnow;

namespace {

std::string problem_with(const kafka_settings& settings) {
  const auto checked = check_kafka(settings);
  return checked ? "none" : checked.error().message;
}

kafka_settings with_option(const std::string& name, const std::string& value) {
  kafka_settings settings;
  settings.enabled = true;
  settings.options = {{name, value}};
  return settings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kafka_client)

BOOST_AUTO_TEST_CASE(names_the_option_that_librdkafka_refuses) {
  BOOST_TEST(problem_with(with_option("session.timeout.ms", "6000")) == "none");
  BOOST_TEST(problem_with(with_option("auto.offset.reset", "latest")) == "none");
  BOOST_TEST(problem_with(with_option("no.such", "1")).find("kafka-option no.such: ") == 0u);
  BOOST_TEST(
      problem_with(with_option("session.timeout.ms", "many")).find("kafka-option session.timeout.ms: ") ==
      0u);
  BOOST_TEST(problem_with(with_option("enable.auto.commit", "true")) ==
             "kafka-option enable.auto.commit: offsets are committed when the store has confirmed");
  BOOST_TEST(problem_with(with_option("group.id", "g")) == "kafka-option group.id: --kafka-group sets it");
}

BOOST_AUTO_TEST_CASE(refuses_options_that_would_hide_what_the_daemon_must_know) {
  for (const auto& [name, value] :
       {std::pair("statistics.interval.ms", "0"), std::pair("statistics.interval.ms", "5000"),
        std::pair("delivery.report.only.error", "true"), std::pair("transactional.id", "shop"),
        std::pair("enabled_events", "1"), std::pair("log.queue", "true")})
    BOOST_TEST(problem_with(with_option(name, value)).find("kafka-option " + std::string(name) + ": ") == 0u,
               name);
  BOOST_TEST(
      problem_with(with_option("statistics.interval.ms", "0")) ==
      "kafka-option statistics.interval.ms: the lag and the state of the brokers are read once a second");
  BOOST_TEST(problem_with(with_option("enable.partition.eof", "true")) == "none");
}

BOOST_AUTO_TEST_CASE(compares_the_options_of_producers_if_there_are_any) {
  auto settings = with_option("enable.idempotence", "true");
  settings.options.emplace_back("acks", "1");
  BOOST_TEST(problem_with(settings) == "none");
  settings.dead_letter = "bad";
  BOOST_TEST(problem_with(settings).find("acks") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_a_fifo_that_an_option_names_and_never_waits) {
  const test::temp_dir dir;
  const auto fifo = dir.path() + "/fifo";
  BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string name : {"ssl.ca.location", "ssl.certificate.location", "ssl.key.location",
                                 "ssl.crl.location", "ssl.keystore.location", "plugin.library.paths"}) {
    auto settings = with_option(name, fifo);
    settings.options.insert(settings.options.begin(), {"security.protocol", "ssl"});
    BOOST_TEST(problem_with(settings) ==
               "kafka-option " + name + ": " + fifo + ": expected a regular file, got a FIFO");
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_topic_that_would_feed_itself) {
  kafka_settings settings;
  settings.enabled = true;
  settings.dead_letter = settings.topic;
  BOOST_TEST(problem_with(settings) ==
             "kafka-dead-letter: expected another topic than kafka-topic, got user_behavior");
  settings.enabled = false;
  BOOST_TEST(problem_with(settings) == "none");
}

BOOST_AUTO_TEST_CASE(reads_what_matters_of_the_statistics) {
  const auto read = parse_kafka_statistics(
      R"({"brokers":{"a":{"state":"UP"},"b":{"state":"DOWN"}},"topics":{"t":{"partitions":{
          "0":{"partition":0,"committed_offset":3,"next_offset":9,"lo_offset":1,"hi_offset":12,"ls_offset":10},
          "1":{"partition":1,"committed_offset":-1001,"next_offset":0,"lo_offset":-1001,"hi_offset":5,
               "ls_offset":-1001},
          "-1":{"partition":-1}}},"other":{"partitions":{"0":{"partition":0,"committed_offset":100}}}}})",
      "t");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->brokers_up == 1u);
  BOOST_REQUIRE(read->partitions.size() == 3u);
  const auto& first = read->partitions.at(0);
  BOOST_TEST(first.committed == 3);
  BOOST_TEST(first.next == 9);
  BOOST_TEST(first.begin == 1);
  BOOST_TEST(first.end == 10); // what follows belongs to open transactions
  BOOST_TEST(read->partitions.at(1).end == 5);
  BOOST_TEST(parse_kafka_statistics("{}", "t")->brokers_up == 0u);
  for (const auto* text : {"", "[]", R"({"brokers":7})", R"({"brokers":{"a":{"state":7}}})"})
    BOOST_TEST((!parse_kafka_statistics(text, "t") || parse_kafka_statistics(text, "t")->brokers_up == 0),
               text);
}

BOOST_AUTO_TEST_CASE(the_lag_is_known_before_anything_was_committed) {
  partition_offsets offsets;
  BOOST_TEST(lag_of(offsets) == 0);
  offsets.end = 3000;
  BOOST_TEST(lag_of(offsets) == 0); // where reading will begin is not known
  offsets.begin = 100;
  BOOST_TEST(lag_of(offsets) == 2900);
  offsets.next = 500; // where a group that begins with new messages would begin
  BOOST_TEST(lag_of(offsets) == 2500);
  offsets.first_read = 400;
  BOOST_TEST(lag_of(offsets) == 2600);
  offsets.committed = 1000;
  BOOST_TEST(lag_of(offsets) == 2000);
  offsets.begin = 2000; // retention
  BOOST_TEST(lag_of(offsets) == 1000);
  offsets.committed = 3001; // the end is older
  BOOST_TEST(lag_of(offsets) == 0);
  offsets.end = -1;
  BOOST_TEST(lag_of(offsets) == 0);
}

BOOST_AUTO_TEST_CASE(results_are_json_whatever_the_user_is_called) {
  BOOST_TEST(result_message("u", "1700000000", R"(["a"])") ==
             R"({"user_id":"u","timestamp":1700000000,"recommendations":["a"]})");
  BOOST_TEST(result_message("\"\n", "", "[]") == R"({"user_id":"\"\n","recommendations":[]})");
  BOOST_TEST(result_message("u", "001700000000", "[]") ==
             R"({"user_id":"u","timestamp":1700000000,"recommendations":[]})");
}

BOOST_AUTO_TEST_CASE(names_a_file_that_cannot_be_read) {
  auto settings = with_option("security.protocol", "SSL");
  settings.options.emplace_back("ssl.ca.location", "/no/such/authority.pem");
  const auto problem = problem_with(settings);
  BOOST_TEST(problem.find("ssl.ca.location") != std::string::npos, problem);
}

BOOST_AUTO_TEST_SUITE_END()
