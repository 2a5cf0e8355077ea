#include "actors/kafka/dead_letters.hpp"

#include "config/log/event_ring.hpp"
#include "intake_world.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;

BOOST_FIXTURE_TEST_SUITE(dead_letter_suite, intake_world)

BOOST_AUTO_TEST_CASE(unusable_messages_go_to_their_topic_before_they_count_as_read) {
  auto in = make(true);
  broker = [](std::size_t) { return delivery_report{fault::unavailable, "gone"}; };
  take(in, profile_of("a", "1"));
  take(in, "poison", 2, "key");
  take(in, profile_of("b", "1"));
  store.refused = "b";
  BOOST_REQUIRE(!in.store());
  BOOST_TEST((in.take_done() == kafka_positions{{0, 1}}));
  broker = delivers;
  letters.clear();
  BOOST_REQUIRE(in.store());
  BOOST_REQUIRE_EQUAL(letters.size(), 2u);
  BOOST_TEST(letters[0].text() == "key|poison|not_json|1");
  BOOST_TEST(letters[1].text() == "|" + profile_of("b", "1") + "|refused|2");
  BOOST_TEST((in.take_done() == kafka_positions{{0, 3}, {2, 2}}));
  BOOST_TEST(counted("not_json") == 1);
}

BOOST_AUTO_TEST_CASE(letters_are_the_messages_as_they_were) {
  auto in = make(true);
  in.take({2,
           7,
           std::chrono::milliseconds(1'600'000'000'000),
           std::nullopt,
           std::nullopt,
           {{"traceparent", "00-1"}, {"none", std::nullopt}, {"winnow.reason", "an older one"}}});
  in.take({2, 8, {}, "", ""});
  BOOST_REQUIRE(in.store());
  BOOST_REQUIRE_EQUAL(letters.size(), 2u);
  BOOST_TEST(letters[0].text() == "null|null|empty|7");
  BOOST_REQUIRE_EQUAL(letters[0].headers.size(), 8u);
  BOOST_TEST(letters[0].header("traceparent").value() == "00-1");
  BOOST_TEST(letters[0].headers[1].name == "none");
  BOOST_TEST(!letters[0].headers[1].value);
  BOOST_TEST(letters[0].header("winnow.partition").value() == "2");
  BOOST_TEST(letters[0].header("winnow.timestamp").value() == "1600000000000");
  BOOST_TEST(letters[1].text() == "||empty|8");
  BOOST_TEST(!letters[1].header("winnow.timestamp").has_value());
}

BOOST_AUTO_TEST_CASE(a_letter_that_is_too_large_for_its_topic_is_sent_in_part) {
  constexpr std::size_t limit = 1 << 20; // of brokers, unless they are told otherwise
  const std::string value(3'000'000, 'x');
  auto in = make(true);
  broker = [](std::size_t bytes) {
    return bytes > limit ? delivery_report{fault::too_large, "too large"} : delivery_report{};
  };
  take(in, value, 0, "key");
  BOOST_REQUIRE(in.store());
  BOOST_REQUIRE_EQUAL(letters.size(), 2u);
  BOOST_TEST(letters[0].value.value() == value);
  BOOST_TEST(!letters[0].header("winnow.truncated").has_value());
  BOOST_TEST(letters[1].value.value() == value.substr(0, letters[1].value->size()));
  BOOST_TEST(letters[1].value->size() > 300'000u);
  BOOST_TEST(letters[1].key.value() == "key");
  BOOST_TEST(letters[1].header("winnow.truncated").value() == "3000000");
  BOOST_TEST(letters[1].header("winnow.reason").value() == "not_json");
  BOOST_TEST(counted("delivered", "winnow_kafka_dead_letters_total") == 1);
  BOOST_TEST((in.take_done() == kafka_positions{{0, 1}}));
}

BOOST_AUTO_TEST_CASE(a_letter_that_is_always_refused_stops_nothing) {
  for (const auto cause : {fault::too_large, fault::invalid_argument}) {
    letters.clear();
    auto in = make(true);
    broker = [cause](std::size_t) { return delivery_report{cause, "refused"}; };
    const auto before = kept_events().last_id();
    take(in, "poison");
    BOOST_REQUIRE(in.store());
    BOOST_TEST(in.waiting() == 0u);
    BOOST_TEST(letters.size() < 10u);
    const auto events = kept_events().since(before);
    BOOST_TEST(std::any_of(events.begin(), events.end(), [](const kept_event& one) {
      return one.event == "dead letter dropped" && one.level == log_level::error;
    }));
  }
}

BOOST_AUTO_TEST_SUITE_END()
