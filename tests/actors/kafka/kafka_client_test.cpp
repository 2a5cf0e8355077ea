#include "actors/kafka/broker_sockets.hpp"
#include "actors/kafka/kafka_check.hpp"
#include "actors/kafka/kafka_conf.hpp"
#include "actors/kafka/kafka_statistics.hpp"
#include "actors/kafka/result_topic.hpp"
#include "config/log/event_ring.hpp"

#include "support/temp_dir.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace winnow;

namespace {

std::string problem_with(const kafka_settings& settings) {
  const auto checked = check_kafka(settings);
  return checked ? "none" : checked.error().message;
}

/// A port of 127.0.0.1 at which connections arrive and get no answer.
class listening_socket {
public:
  listening_socket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address_);
    socklen_t size = sizeof(address_);
    BOOST_REQUIRE_EQUAL(::bind(socket_, generic, size), 0);
    BOOST_REQUIRE_EQUAL(::listen(socket_, 1), 0);
    BOOST_REQUIRE_EQUAL(::getsockname(socket_, generic, &size), 0);
  }
  ~listening_socket() { ::close(socket_); }
  listening_socket(const listening_socket&) = delete;
  listening_socket& operator=(const listening_socket&) = delete;

  int port() const { return ntohs(address_.sin_port); }

  bool connect(int socket) const {
    return ::connect(socket, reinterpret_cast<const sockaddr*>(&address_), sizeof(address_)) == 0;
  }

  bool was_asked() const {
    pollfd asked{socket_, POLLIN, 0};
    return ::poll(&asked, 1, 0) == 1;
  }

private:
  int socket_;
  sockaddr_in address_{};
};

std::string option_of(const rd_kafka_conf_t& conf, const char* name) {
  std::array<char, 64> value{};
  std::size_t size = value.size();
  BOOST_REQUIRE(rd_kafka_conf_get(&conf, name, value.data(), &size) == RD_KAFKA_CONF_OK);
  return value.data();
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

BOOST_AUTO_TEST_CASE(refuses_names_that_no_topic_can_have) {
  const std::string longest(249, 'a');
  for (const std::string name : {"^events.*", "a b", "a/b", "", ".", "..", "caf\u00e9", "a,b"}) {
    kafka_settings settings;
    settings.enabled = true;
    settings.topic = name;
    BOOST_TEST(problem_with(settings) ==
               "kafka-topic: expected the name of a topic, 1 to 249 letters, digits, "
               "'.', '_' and '-', got " +
                   name);
  }
  for (const auto member :
       {&kafka_settings::topic, &kafka_settings::dead_letter, &kafka_settings::results_topic})
    for (const auto& [name, is_good] :
         {std::pair{longest, true}, std::pair{longest + "a", false}, std::pair{std::string("A.b_c-9"), true},
          std::pair{std::string("^a"), false}}) {
      kafka_settings settings;
      settings.enabled = true;
      settings.*member = name;
      BOOST_TEST((problem_with(settings) == "none") == is_good, name);
    }
}

BOOST_AUTO_TEST_CASE(a_check_connects_to_no_broker) {
  kafka_settings settings;
  settings.enabled = true;
  settings.dead_letter = "bad";
  const listening_socket broker;
  settings.brokers = "127.0.0.1:" + std::to_string(broker.port());
  BOOST_TEST(problem_with(settings) == "none");
  BOOST_TEST(!broker.was_asked());
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

BOOST_AUTO_TEST_CASE(a_client_whose_sockets_are_shut_waits_for_no_answer) {
  const listening_socket broker;
  broker_sockets sockets;
  const int first = sockets.open(AF_INET, SOCK_STREAM, 0);
  const int closed = sockets.open(AF_INET, SOCK_STREAM, 0);
  BOOST_REQUIRE(broker.connect(first));
  BOOST_TEST(sockets.close(closed) == 0);
  sockets.shut();
  char byte = 0;
  BOOST_TEST(::recv(first, &byte, 1, 0) == 0); // it would wait for ever
  BOOST_TEST(sockets.open(AF_INET, SOCK_STREAM, 0) == -1);
  BOOST_TEST(sockets.close(first) == 0);
}

BOOST_AUTO_TEST_CASE(what_waits_for_kafka_waits_however_long) {
  const auto conf = producer_conf({});
  BOOST_REQUIRE(conf);
  BOOST_TEST(option_of(**conf, "message.timeout.ms") == "0");
  BOOST_TEST(option_of(**conf, "message.max.bytes") == "67108864");
}

BOOST_AUTO_TEST_CASE(lists_that_are_not_sent_before_the_end_are_counted_in_the_log) {
  kafka_settings settings;
  settings.enabled = true;
  settings.results_topic = "lists";
  settings.brokers = "127.0.0.1:1"; // nothing listens there
  const auto meters = std::make_shared<metrics>();
  const auto before = kept_events().last_id();
  {
    const auto listener = result_topic(settings, meters);
    for (int i = 0; i < 200; ++i)
      listener("u" + std::to_string(i), "", "[]");
  }
  std::vector<std::uint64_t> counts;
  for (const auto& event : kept_events().since(before))
    if (event.event == "stored lists were not sent to Kafka before the end") {
      BOOST_CHECK(event.level == log_level::error);
      counts.push_back(std::get<std::uint64_t>(event.fields.at(0).second));
    }
  BOOST_TEST(counts == std::vector<std::uint64_t>{200}, boost::test_tools::per_element());
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
