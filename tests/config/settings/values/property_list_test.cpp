#include "config/settings/values/property_list.hpp"

#include "tests/config/settings/settings_fixture.hpp"

using namespace winnow;

namespace {

std::string problem_of(std::string_view text) {
  const auto read = parse_properties(text);
  return read ? "none" : read.error().message;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(property_list_suite, settings_fixture)

BOOST_AUTO_TEST_CASE(reads_names_and_values) {
  const auto read = parse_properties("a=1, b.c = x=y\nd=").value();
  BOOST_REQUIRE(read.size() == 3u);
  BOOST_TEST(read[0].first + "|" + read[0].second == "a|1");
  BOOST_TEST(read[1].first + "|" + read[1].second == "b.c|x=y");
  BOOST_TEST(read[2].first + "|" + read[2].second == "d|");
  BOOST_TEST(parse_properties("").value().empty());
}

BOOST_AUTO_TEST_CASE(a_part_without_equals_belongs_to_the_value_before_it) {
  BOOST_TEST(parse_properties("debug=cgrp,topic,a=1").value()[0].second == "cgrp,topic");
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_name_or_no_value) {
  BOOST_TEST(problem_of("security.protocol") ==
             "expected NAME=VALUE, got \"security.protocol\" without a value");
  BOOST_TEST(problem_of("a=1\nb") == "expected NAME=VALUE, got \"b\" without a value");
  BOOST_TEST(problem_of("=secret") == "expected NAME=VALUE, got a part without a name");
}

BOOST_AUTO_TEST_CASE(masks_secrets) {
  BOOST_TEST(
      print_properties(parse_properties("sasl.username=me,sasl.password=pw,ssl.key.pem=KEY").value()) ==
      "sasl.username=me,sasl.password=***,ssl.key.pem=***");
}

BOOST_AUTO_TEST_CASE(kafka_is_off_unless_it_is_switched_on) {
  variables = {{"KAFKA_BROKER", "kafka:9092"}, {"KAFKA_TOPIC", "behaviour"}};
  auto values = load().values.kafka;
  BOOST_TEST(!values.enabled);
  BOOST_TEST(values.brokers == "kafka:9092");
  BOOST_TEST(values.topic == "behaviour");
  BOOST_TEST(load({"--kafka"}).values.kafka.enabled);
  BOOST_TEST((load({"--kafka-format", "events"}).values.kafka.format == kafka_format::events));
  BOOST_TEST(contains(refuse({"--kafka-format", "both"}), "profiles or events"));
}

BOOST_AUTO_TEST_CASE(the_flag_for_properties_may_be_repeated) {
  const auto read = load({"--kafka-option", "a=1", "--kafka-option", "b=2,3", "--kafka-option=c=4"});
  const auto& given = read.values.kafka.options;
  BOOST_REQUIRE(given.size() == 3u);
  BOOST_TEST(given[1].second == "2,3");
  BOOST_TEST(given[2].first + given[2].second == "c4");
  BOOST_TEST(source_of(read, "kafka-option") == "flag --kafka-option");
  const auto file = write_file(directory, "winnow.conf", "kafka-option = [\"a=1\", \"b=2\"]\n");
  BOOST_TEST(load({"--config", file.c_str()}).values.kafka.options.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
