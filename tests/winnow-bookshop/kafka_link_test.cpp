#include "tools/winnow-bookshop/live/kafka_link.hpp"

#include "shop_doubles.hpp"
#include "support/free_port.hpp"
#include "support/redis_server.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

const std::vector<std::string> readers{"anna", "bert"};

/// A link to brokers that do not answer: what is sent would not be confirmed. Anna has a list, Bert has none.
struct kafka_fixture {
  kafka_fixture() { lists.lists["anna"] = {"3"}; }

  std::unique_ptr<shop_link> open(const std::string& parameters) const {
    const auto where =
        parse_kafka_address("kafka://127.0.0.1:" + std::to_string(test::free_port()) + "?" + parameters);
    BOOST_REQUIRE(where);
    auto link = kafka_link::open(*where, service.address);
    BOOST_REQUIRE(link);
    return std::move(*link);
  }

  test::link_double lists;
  test::service_double service{lists, {}}; ///< It has no endpoints for profiles, as beside Redis.
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_kafka_link, kafka_fixture)

BOOST_AUTO_TEST_CASE(sends_no_events_again_for_readers_of_an_earlier_run) {
  const auto link = open("format=events");
  const auto profiles = link->read_profiles(readers);
  BOOST_REQUIRE(profiles);
  BOOST_TEST((!(*profiles)[0] && !(*profiles)[1]));
  const std::vector<reader_profile> first{{"anna", {"1", "2"}}};
  BOOST_TEST(link->write_profiles(first).has_value()); // nothing needs to be confirmed
  BOOST_TEST(link->write_profiles(first).has_value());
}

BOOST_AUTO_TEST_CASE(does_not_replace_profiles_that_nobody_tells) {
  const auto link = open("format=profiles");
  const auto profiles = link->read_profiles(readers);
  BOOST_REQUIRE(!profiles);
  BOOST_TEST((profiles.error().cause == fault::unsupported));
  for (const std::string part : {"anna has a list", "store=redis://host:port/db", "127.0.0.1"})
    BOOST_TEST(profiles.error().message.find(part) != std::string::npos, profiles.error().message);
}

BOOST_AUTO_TEST_CASE(begins_with_readers_whom_nobody_knows) {
  for (const std::string format : {"profiles", "events"}) {
    const auto link = open("format=" + format);
    const auto profiles = link->read_profiles(gsl::span(readers).subspan(1));
    BOOST_REQUIRE(profiles);
    BOOST_TEST(!(*profiles)[0].has_value());
  }
}

BOOST_AUTO_TEST_CASE(fails_if_winnowd_does_not_answer) {
  const auto link = open("format=events");
  service.stop();
  const auto profiles = link->read_profiles(readers);
  BOOST_REQUIRE(!profiles);
  BOOST_TEST((profiles.error().cause == fault::unavailable));
}

BOOST_AUTO_TEST_CASE(continues_with_the_profiles_in_the_store) {
  const test::redis_server redis;
  redis.call({"SET", "user_profile:anna", R"(["1","2"])"});
  for (const std::string format : {"profiles", "events"}) {
    const auto link =
        open("format=" + format + "&store=redis://127.0.0.1:" + std::to_string(redis.port()) + "/0");
    const auto profiles = link->read_profiles(readers);
    BOOST_REQUIRE(profiles);
    BOOST_TEST(((*profiles)[0] == item_ids{"1", "2"}));
    BOOST_TEST(!(*profiles)[1].has_value());
  }
}

BOOST_AUTO_TEST_CASE(sends_no_events_of_a_profile_that_the_store_has) {
  const test::redis_server redis;
  redis.call({"SET", "user_profile:anna", R"(["1","2"])"});
  const auto link = open("format=events&store=redis://127.0.0.1:" + std::to_string(redis.port()) + "/0");
  BOOST_REQUIRE(link->read_profiles(readers));
  const std::vector<reader_profile> known{{"anna", {"1", "2"}}};
  BOOST_TEST(link->write_profiles(known).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
