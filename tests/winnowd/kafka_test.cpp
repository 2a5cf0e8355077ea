#include "daemon_process.hpp"
#include "kafka_flags.hpp"
#include "kafka_reader.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace winnow::test;
using nlohmann::json;

namespace {

std::string profile_message(const std::string& user, const std::string& history,
                            const std::string& timestamp = {}) {
  return R"({"user_id":")" + user + R"(","history_items":)" + history +
         (timestamp.empty() ? "" : ",\"timestamp\":" + timestamp) + "}";
}

std::string event_message(const std::string& user, const std::string& item, int second) {
  return json{{"user_id", user}, {"item_id", item}, {"timestamp", 1'700'000'000 + second}}.dump();
}

/// The value of a metric with one label.
double labelled_metric(const daemon_process& shop, const std::string& name, const std::string& label) {
  std::istringstream lines(shop.http().get("/metrics", {{"Accept", "text/plain"}}).body);
  const auto start = name + "{" + label + "} ";
  for (std::string line; std::getline(lines, line);)
    if (line.compare(0, start.size(), start) == 0)
      return std::stod(line.substr(start.size()));
  return -1;
}

bool wait_for_value(const redis_server& redis, const std::string& key, const std::string& value) {
  return wait_until([&] { return redis.call({"GET", key}) == value; });
}

std::string user(std::size_t number) {
  return "u" + std::to_string(number);
}

/// How many of the users 0 to `count` - 1 have this profile.
std::size_t stored_users(const redis_server& redis, std::size_t count, const std::string& profile) {
  const std::string script = "local n=0 for i=0,ARGV[1]-1 do "
                             "if redis.call('GET','user_profile:u'..i)==ARGV[2] then n=n+1 end end return n";
  return std::stoull(redis.call({"EVAL", script, "0", std::to_string(count), profile}));
}

/// Whether the last users have profiles, so that it is worth to count all.
bool has_last_users(const redis_server& redis, std::size_t count) {
  strings command{"EXISTS"};
  for (std::size_t i = count - 100; i < count; ++i)
    command.push_back("user_profile:" + user(i));
  return redis.call(command) == "100";
}

void send_users(kafka_writer& kafka, std::size_t from, std::size_t to, const std::string& history) {
  for (std::size_t i = from; i < to; ++i)
    kafka.send(profile_message(user(i), history), user(i));
}

} // namespace

BOOST_AUTO_TEST_SUITE(kafka)

BOOST_AUTO_TEST_CASE(stores_profiles_as_the_spark_job_does_and_computes_lists) {
  const kafka_cluster kafka(kafka_mock());
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  writer.send(profile_message("u", books(4), "1700000000"));
  writer.send(profile_message("v", R"(["b","caf\u00e9"])"));
  writer.send("poison", "key");
  writer.send(profile_message("w", "[]"));
  writer.flush();
  daemon_process shop(
      kafka_flags(redis, kafka, {"--kafka-dead-letter", "bad", "--kafka-results-topic", "lists"}));
  shop.wait_until_ready();
  BOOST_CHECK(wait_for_value(redis, "user_profile:v", R"(["b", "caf\u00e9"])"));
  const auto list = wait_for_list(redis, "u");
  BOOST_CHECK_EQUAL(redis.call({"GET", "recommendation_result:u:1700000000"}), list);

  kafka_reader bad(kafka.brokers(), "bad");
  auto letters = bad.read(2);
  std::sort(letters.begin(), letters.end());
  BOOST_TEST(letters == (strings{"key|poison", "|" + profile_message("w", "[]")}),
             boost::test_tools::per_element());
  BOOST_CHECK(shop.wait_for_error_line("message cannot be used"));
  BOOST_CHECK(wait_until([&] {
    return labelled_metric(shop, "winnow_kafka_messages_total", R"(outcome="not_json")") == 1 &&
           labelled_metric(shop, "winnow_kafka_messages_total", R"(outcome="bad_history")") == 1 &&
           labelled_metric(shop, "winnow_kafka_messages_total", R"(outcome="stored")") == 2;
  }));
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_kafka_lag_messages") == 0; }));
  BOOST_CHECK_EQUAL(shop.metric("winnow_kafka_connected"), 1);
  BOOST_CHECK_EQUAL(shop.http().get("/readyz").body, R"({"status":"ready","reasons":[]})");

  kafka_reader lists(kafka.brokers(), "lists");
  std::set<std::string> users;
  for (const auto& result : lists.read(2)) {
    const auto key = result.substr(0, result.find('|'));
    const auto value = json::parse(result.substr(key.size() + 1));
    BOOST_TEST(value["user_id"] == key);
    BOOST_TEST(value["recommendations"].is_array());
    BOOST_TEST(value.contains("timestamp") == (key == "u"));
    users.insert(key);
  }
  BOOST_TEST(users == (std::set<std::string>{"u", "v"}), boost::test_tools::per_element());
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
}

BOOST_AUTO_TEST_CASE(loses_nothing_when_a_member_of_the_group_is_killed) {
  constexpr std::size_t users = 100'000;
  const kafka_cluster kafka(kafka_mock());
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  std::optional<daemon_process> first(std::in_place, kafka_flags(redis, kafka));
  daemon_process second(kafka_flags(redis, kafka));
  first->wait_until_ready();
  second.wait_until_ready();
  BOOST_REQUIRE(reads_partitions(*first, 2));
  BOOST_REQUIRE(reads_partitions(second, 2));
  send_users(writer, 0, users / 2, R"(["a"])");
  writer.flush();
  send_users(writer, users / 2, users, R"(["a"])");
  first->signal(SIGKILL);
  writer.flush();
  BOOST_CHECK(reads_partitions(second, 4));
  std::size_t stored = 0;
  wait_until(
      [&] {
        stored = has_last_users(redis, users) ? stored_users(redis, users, R"(["a"])") : 0;
        return stored == users;
      },
      std::chrono::seconds(60));
  BOOST_CHECK_EQUAL(stored, users);
  BOOST_CHECK(wait_until([&] { return second.metric("winnow_kafka_lag_messages") == 0; }));
}

BOOST_AUTO_TEST_CASE(goes_on_after_the_broker_or_redis_were_away) {
  kafka_cluster kafka(kafka_mock());
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  daemon_process shop(kafka_flags(redis, kafka));
  shop.wait_until_ready();
  BOOST_REQUIRE(reads_partitions(shop, 4));
  kafka.down(1);
  BOOST_CHECK(wait_until([&] {
    const auto ready = shop.http().get("/readyz");
    return ready.status == 200 &&
           ready.body ==
               R"({"status":"degraded","reasons":["nothing is read from Kafka: no broker is reachable"]})";
  }));
  BOOST_CHECK(shop.wait_for_error_line("nothing is read from Kafka"));
  BOOST_CHECK(shop.metric("winnow_kafka_errors_total") > 0);
  kafka.up(1);
  writer.send(profile_message("a", R"(["1"])"), "a");
  writer.flush();
  BOOST_CHECK(wait_for_value(redis, "user_profile:a", R"(["1"])"));
  BOOST_CHECK(
      wait_until([&] { return shop.http().get("/readyz").body == R"({"status":"ready","reasons":[]})"; }));

  redis.stop();
  writer.send(profile_message("b", R"(["1"])"), "b");
  writer.send(profile_message("b", R"(["2"])"), "b");
  writer.flush();
  BOOST_CHECK(
      wait_until([&] { return labelled_metric(shop, "winnow_kafka_paused", R"(reason="store")") == 1; }));
  redis.start();
  BOOST_CHECK(wait_for_value(redis, "user_profile:b", R"(["2"])"));
  BOOST_CHECK(
      wait_until([&] { return labelled_metric(shop, "winnow_kafka_paused", R"(reason="store")") == 0; }));
  writer.send(profile_message("c", R"(["1"])"), "c");
  writer.flush();
  BOOST_CHECK(wait_for_value(redis, "user_profile:c", R"(["1"])"));
}

BOOST_AUTO_TEST_CASE(the_lag_of_a_new_group_grows_while_redis_is_away) {
  const kafka_cluster kafka(kafka_mock());
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  daemon_process shop(kafka_flags(redis, kafka));
  shop.wait_until_ready();
  BOOST_REQUIRE(reads_partitions(shop, 4));
  redis.stop();
  send_users(writer, 0, 300, R"(["1"])");
  writer.flush();
  BOOST_CHECK(
      wait_until([&] { return labelled_metric(shop, "winnow_kafka_paused", R"(reason="store")") == 1; }));
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_kafka_lag_messages") == 300; }));
  send_users(writer, 300, 500, R"(["1"])"); // nothing is fetched now
  writer.flush();
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_kafka_lag_messages") == 500; }));
  redis.start();
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_kafka_lag_messages") == 0; }));
  BOOST_CHECK_EQUAL(stored_users(redis, 500, R"(["1"])"), 500U);
}

BOOST_AUTO_TEST_CASE(continues_with_what_is_left_if_retention_was_faster) {
  const kafka_cluster kafka(kafka_mock(), 1);
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  writer.send(profile_message("early", R"(["1"])"));
  writer.flush();
  {
    daemon_process shop(kafka_flags(redis, kafka));
    shop.wait_until_ready();
    BOOST_REQUIRE(wait_for_value(redis, "user_profile:early", R"(["1"])"));
    shop.signal(SIGTERM); // commits
    BOOST_REQUIRE_EQUAL(shop.wait().value_or(-1), 0);
  }
  // More than a partition keeps, so that the committed offset does not exist any more.
  const std::string long_history = R"(["1",")" + std::string(50'000, 'x') + R"("])";
  for (int i = 0; i < 200; ++i)
    writer.send(profile_message("late" + std::to_string(i), long_history));
  writer.flush();
  daemon_process shop(kafka_flags(redis, kafka));
  shop.wait_until_ready();
  BOOST_CHECK(wait_until([&] {
    return redis.call({"EXISTS", "user_profile:late199"}).find('1') != std::string::npos;
  }));
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_kafka_lag_messages") == 0; }));
  const auto stored = labelled_metric(shop, "winnow_kafka_messages_total", R"(outcome="stored")");
  BOOST_CHECK_MESSAGE(stored > 10 && stored < 200, stored);
}

BOOST_AUTO_TEST_CASE(events_and_an_embedded_store_make_a_shop_without_redis) {
  const kafka_cluster kafka(kafka_mock());
  kafka_writer writer(kafka.brokers());
  const auto ids = json::parse(books(4));
  for (int i = 3; i >= 0; --i)
    writer.send(event_message("u", ids[static_cast<std::size_t>(i)].get<std::string>(), i), "u");
  writer.send(event_message("u", ids[0].get<std::string>(), 0), "u"); // again
  writer.flush();
  daemon_process shop({"--host", "127.0.0.1", "--port", "0", "--admin", "off", "--model-dir", bookshop_dir(),
                       "--store", "memory:", "--kafka", "--kafka-brokers", kafka.brokers(), "--kafka-format",
                       "events"});
  shop.wait_until_ready();
  BOOST_CHECK(wait_until([&] {
    const auto read = shop.http().get("/profiles/u");
    return read.status == 200 && json::parse(read.body) == ids;
  }));
  BOOST_CHECK(wait_until([&] { return shop.http().get("/recommendations/u").status == 200; }));
  BOOST_CHECK(wait_until(
      [&] { return labelled_metric(shop, "winnow_kafka_messages_total", R"(outcome="known")") == 1; }));
  BOOST_CHECK_EQUAL(labelled_metric(shop, "winnow_kafka_messages_total", R"(outcome="stored")"), 4);
}

BOOST_AUTO_TEST_CASE(options_of_one_kind_of_client_are_no_trouble) {
  const kafka_cluster kafka(kafka_mock());
  redis_server redis;
  kafka_writer writer(kafka.brokers());
  daemon_process shop(kafka_flags(redis, kafka,
                                  {"--kafka-dead-letter", "bad", "--kafka-results-topic", "lists",
                                   "--kafka-option", "enable.partition.eof=true,auto.offset.reset=earliest",
                                   "--kafka-option", "linger.ms=1,acks=1"}));
  shop.wait_until_ready();
  for (const auto* name : {"a", "b"}) { // after the first, the end of the partition was reached
    writer.send(profile_message(name, R"(["1"])"), "key");
    writer.flush();
    BOOST_CHECK(wait_for_value(redis, "user_profile:" + std::string(name), R"(["1"])"));
  }
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_kafka_connected") == 1; }));
  BOOST_CHECK(
      wait_until([&] { return shop.http().get("/readyz").body == R"({"status":"ready","reasons":[]})"; }));
  BOOST_CHECK_EQUAL(shop.metric("winnow_kafka_errors_total"), 0);
  BOOST_CHECK_MESSAGE(shop.errors().find("will be ignored") == std::string::npos, shop.errors());
}

BOOST_AUTO_TEST_CASE(refuses_options_that_librdkafka_does_not_know) {
  for (const auto* option : {"no.such.option=1", "session.timeout.ms=many", "enable.auto.commit=true",
                             "statistics.interval.ms=0"}) {
    daemon_process shop({"--model-dir", bookshop_dir(), "--kafka", "--kafka-option", option});
    BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 78);
    const std::string name(option, std::string(option).find('='));
    BOOST_CHECK_MESSAGE(shop.errors().find("kafka-option " + name) != std::string::npos, shop.errors());
    daemon_process check({"--check-config", "--kafka", "--kafka-option", option});
    BOOST_CHECK_EQUAL(check.wait().value_or(-1), 78);
  }
}

BOOST_AUTO_TEST_SUITE_END()
