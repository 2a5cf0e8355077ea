// What the change tracker's witness can prove, on real servers.

#include "redis/changes/change_witness.hpp"
#include "scripted_server.hpp"
#include "store_settings_for.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

redis_connection::clock::time_point soon() {
  return redis_connection::clock::now() + 20s;
}

redis_connection connected_to(const test::redis_server& server) {
  return redis_connection::open(test::settings_for(server), soon()).value();
}

std::string cause_of(const result<change_witness>& opened) {
  return std::string(opened ? "none" : to_string(opened.error().cause));
}

struct fixture {
  void arm() { BOOST_REQUIRE(witness.arm(settings, soon()).has_value()); }
  bool is_sure() { return witness.is_sure(other, soon()).value(); }

  test::redis_server server;
  store_settings settings = test::settings_for(server);
  change_witness witness = change_witness::open(settings, soon()).value();
  redis_connection other = connected_to(server);
};

} // namespace

BOOST_AUTO_TEST_SUITE(change_witness_suite)

BOOST_FIXTURE_TEST_CASE(knows_nothing_before_it_is_armed, fixture) {
  BOOST_TEST(!is_sure());
  arm();
  BOOST_TEST(is_sure());
}

BOOST_FIXTURE_TEST_CASE(notices_changes_of_profiles_alone_until_it_is_armed_again, fixture) {
  arm();
  server.call({"SET", "recommendations:ann", "[]"});
  server.call({"DEL", "user_profile:nobody"});
  BOOST_TEST(is_sure());
  for (int i = 0; i < 3; ++i) {
    server.call({"SET", "user_profile:ann", "[]"});
    BOOST_TEST(!is_sure());
    arm();
    BOOST_TEST(is_sure());
  }
}

BOOST_FIXTURE_TEST_CASE(is_sure_of_its_own_server_alone, fixture) {
  const test::redis_server another;
  auto elsewhere = connected_to(another);
  arm();
  BOOST_TEST(!witness.is_sure(elsewhere, soon()).value());
}

BOOST_FIXTURE_TEST_CASE(answers_to_beats_are_not_taken_for_others, fixture) {
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(witness.beat().has_value());
    if (i % 3 == 0)
      arm();
    BOOST_TEST(is_sure());
  }
}

BOOST_FIXTURE_TEST_CASE(reports_that_its_connection_was_lost, fixture) {
  arm();
  server.call({"CLIENT", "KILL", "TYPE", "normal"});
  BOOST_TEST(!witness.beat().has_value());
}

BOOST_AUTO_TEST_CASE(each_right_is_named_if_it_is_missing) {
  const test::redis_server server;
  server.call({"ACL", "SETUSER", "no_info", "on", ">pw", "~*", "&*", "+@all", "-info"});
  server.call({"ACL", "SETUSER", "no_question", "on", ">pw", "~*", "&*", "+@all", "-client|trackinginfo"});
  auto settings = test::settings_for(server);
  settings.address.password = "pw";
  settings.address.user = "no_info";
  BOOST_TEST(cause_of(change_witness::open(settings, soon())) == "denied");
  settings.address.user = "no_question";
  auto witness = change_witness::open(settings, soon());
  BOOST_REQUIRE(witness.has_value());
  const auto armed = witness->arm(settings, soon());
  BOOST_REQUIRE(!armed);
  BOOST_TEST(armed.error().message.find("CLIENT TRACKINGINFO") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
