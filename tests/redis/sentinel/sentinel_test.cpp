#include "redis/changes/redis_change_tracker.hpp"
#include "redis/sentinel/sentinel_query.hpp"
#include "redis/store/redis_store.hpp"
#include "redis/store_check.hpp"
#include "redis/store_factory.hpp"
#include "scripted_server.hpp"
#include "sentinel_setup.hpp"
#include "store_backends.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

sentinel_setup& shared() {
  return sentinel_backend::setup();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

store_command profile(const std::string& user) {
  return write_profile{{user, ""}, "[]"};
}

bool works(profile_store& store, const store_command& command) {
  return store.execute({&command, 1}).front().has_value();
}

/// How often a server has executed the command.
std::string calls(const redis_server& server, const std::string& command) {
  const auto text = server.call({"INFO", "commandstats"});
  const auto at = text.find("cmdstat_" + command + ":calls=");
  return at == std::string::npos ? "" : text.substr(at, text.find(',', at) - at);
}

bool is_announced(change_tracker& tracker, const std::string& user) {
  return wait_until([&] {
    const auto batch = tracker.wait(100ms);
    return batch && std::any_of(batch->changed.begin(), batch->changed.end(),
                                [&](const profile_key& key) { return key.user_id == user; });
  });
}

bool asks_for_a_sweep(change_tracker& tracker) {
  return wait_until([&] {
    const auto batch = tracker.wait(100ms);
    return batch && batch->lost;
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(sentinels)

BOOST_AUTO_TEST_CASE(reads_who_is_the_new_master) {
  const auto place = parse_switch("shop 10.0.0.1 6379 10.0.0.2 6380", "shop");
  BOOST_REQUIRE(place.has_value());
  BOOST_TEST(to_string(*place) == "10.0.0.2:6380");
  for (const char* message :
       {"", "shop", "shopping 1.1.1.1 1 2.2.2.2 2", "shop 1.1.1.1 1 2.2.2.2 x", "shop 1.1.1.1 1 2.2.2.2"})
    BOOST_TEST(!parse_switch(message, "shop").has_value());
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_an_error_of_the_settings) {
  auto settings = shared().settings();
  settings.address.master_name = "shoe";
  const auto probed = redis_store(settings).probe();
  BOOST_REQUIRE(!probed.has_value());
  BOOST_TEST((probed.error().cause == fault::invalid_argument));
  BOOST_TEST(contains(probed.error().message, "the sentinel knows no master \"shoe\""),
             probed.error().message);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_the_master_is_refused) {
  // A sentinel that does not know yet.
  scripted_server late([](scripted_client& client) {
    client.greet();
    const auto port = std::to_string(shared().replica().port());
    client.write("*2\r\n$9\r\n127.0.0.1\r\n$" + std::to_string(port.size()) + "\r\n" + port + "\r\n");
    client.wait_for_hang_up();
  });
  auto settings = shared().settings();
  settings.address.sentinels = {{"127.0.0.1", late.port()}};
  const auto probed = redis_store(settings).probe();
  BOOST_REQUIRE(!probed.has_value());
  BOOST_TEST(contains(probed.error().message, "is not the master at present"), probed.error().message);

  settings.address.sentinels.push_back({"127.0.0.1", shared().sentinel_port(0)});
  BOOST_TEST(redis_store(settings).probe().has_value());
}

BOOST_AUTO_TEST_CASE(a_dead_sentinel_is_passed_over) {
  shared().stop_sentinel(0);
  redis_store store(shared().settings());
  BOOST_TEST(works(store, profile("passed over")));
  auto settings = shared().settings();
  settings.address.sentinels.resize(1);
  const auto probed = redis_store(settings).probe();
  BOOST_REQUIRE(!probed.has_value());
  BOOST_TEST((probed.error().cause == fault::unavailable));
  BOOST_TEST(contains(probed.error().message, "sentinel: redis://127.0.0.1:"), probed.error().message);
  shared().start_sentinel(0);
  shared().await_order();
}

BOOST_AUTO_TEST_CASE(follows_a_failover) {
  redis_store store(shared().settings());
  redis_change_tracker tracker(shared().settings());
  BOOST_TEST(works(store, profile("before")));
  BOOST_TEST(asks_for_a_sweep(tracker));
  auto& old = shared().master();
  shared().fail_over();
  BOOST_TEST(asks_for_a_sweep(tracker)); // it has heard of the failover
  BOOST_TEST(wait_until([&] { return works(store, profile("after")); }));
  BOOST_TEST((&shared().master() != &old));
  BOOST_TEST(shared().master().call({"GET", "user_profile:after"}) == "[]");
  BOOST_TEST(is_announced(tracker, "after"));
  shared().await_order();
}

BOOST_AUTO_TEST_CASE(a_frozen_master_gets_no_more_writes_when_it_wakes) {
  redis_store store(shared().settings());
  BOOST_TEST(works(store, profile("before")));
  auto& old = shared().master();
  old.freeze();
  BOOST_TEST(wait_until([&] { return &shared().master() != &old; }));
  // Without the announcement of the sentinels, this would wait for the command timeout of 20 s.
  BOOST_TEST(wait_until([&] { return works(store, profile("meanwhile")); }));
  old.thaw();
  for (int i = 0; i < 50; ++i) {
    const auto user = "woken-" + std::to_string(i);
    BOOST_TEST(works(store, profile(user)));
    BOOST_TEST(shared().master().call({"EXISTS", "user_profile:" + user}) == "1");
  }
  shared().await_order();
}

BOOST_AUTO_TEST_CASE(returns_after_the_death_of_the_master) {
  redis_store store(shared().settings());
  redis_change_tracker tracker(shared().settings());
  BOOST_TEST(works(store, profile("before")));
  BOOST_TEST(asks_for_a_sweep(tracker));
  auto& old = shared().master();
  old.stop();
  BOOST_TEST(wait_until([&] { return works(store, profile("again")); }));
  BOOST_TEST(asks_for_a_sweep(tracker));
  old.start();
  shared().await_order();
}

BOOST_AUTO_TEST_CASE(reads_from_a_replica_if_asked_to) {
  auto settings = shared().settings();
  settings.address.read_replicas = true;
  auto handles = open_store(settings);
  BOOST_REQUIRE(handles.has_value());
  auto& store = *handles->store;
  only(store, write_profile{{"ann", ""}, "[1]"});
  auto& replica = shared().replica();
  BOOST_TEST(wait_until([&] { return replica.call({"GET", "user_profile:ann"}) == "[1]"; }));
  const auto at_master = calls(shared().master(), "getrange");
  const auto at_replica = calls(replica, "getrange");
  BOOST_TEST(only(store, read_profile{{"ann", ""}}).value.value() == "[1]");
  BOOST_TEST(calls(shared().master(), "getrange") == at_master);
  BOOST_TEST(calls(replica, "getrange") != at_replica);

  // One pipeline for both.
  store.submit(7, {read_profile{{"ann", ""}}, write_list{"ann", "", "[2]"}, read_profile{{"bob", ""}}});
  std::vector<finished_commands> done;
  wait_until([&] {
    for (auto& one : store.collect(1ms))
      done.push_back(std::move(one));
    return !done.empty();
  });
  BOOST_REQUIRE(done.size() == 1U);
  BOOST_TEST(done[0].ticket == 7U);
  BOOST_REQUIRE(done[0].replies.size() == 3U);
  BOOST_TEST(done[0].replies[0]->value.value() == "[1]");
  BOOST_TEST(done[0].replies[1].has_value());
  BOOST_TEST(!done[0].replies[2]->value.has_value());
  BOOST_TEST(!store.awaited().has_value());
  BOOST_TEST(shared().master().call({"GET", "recommendations:ann"}) == "[2]");

  replica.stop();
  BOOST_TEST(only(store, read_profile{{"ann", ""}}).value.value() == "[1]"); // of the master
  replica.start();
  shared().await_order();
}

BOOST_AUTO_TEST_CASE(the_check_of_rights_works) {
  const auto checks = check_store(shared().settings());
  BOOST_REQUIRE(checks.has_value());
  BOOST_TEST(is_sufficient(*checks));
}

BOOST_AUTO_TEST_CASE(sentinels_may_have_a_password) {
  const sentinel_setup setup("pw");
  auto settings = setup.settings();
  redis_store store(settings);
  BOOST_TEST(works(store, profile("ann")));
  settings.address.sentinel_password = "wrong";
  auto probed = redis_store(settings).probe();
  BOOST_REQUIRE(!probed.has_value());
  BOOST_TEST((probed.error().cause == fault::denied));
  BOOST_TEST(contains(probed.error().message, "WRONGPASS"), probed.error().message);
  settings.address.sentinel_password = "";
  probed = redis_store(settings).probe();
  BOOST_REQUIRE(!probed.has_value());
  BOOST_TEST((probed.error().cause == fault::denied));
}

BOOST_AUTO_TEST_SUITE_END()
