#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace winnow::test;

namespace {

strings set_of_profiles(std::size_t count) {
  strings command{"MSET"};
  for (std::size_t i = 0; i < count; ++i) {
    command.push_back("user_profile:reader " + std::to_string(i));
    command.push_back(books(3 + i % 20, i));
  }
  return command;
}

} // namespace

BOOST_AUTO_TEST_SUITE(changes)

BOOST_AUTO_TEST_CASE(keys_of_another_type_are_erased_with_their_user) {
  redis_server redis;
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  redis.call({"LPUSH", "recommendations:zoe", "a"});
  redis.call({"LPUSH", "winnow:events:zoe", "a"});
  redis.call({"SET", "recommendation_result:zoe:1700000000", "[]"});
  BOOST_CHECK_EQUAL(shop.http().erase("/users/zoe").status, 200u);
  BOOST_CHECK_EQUAL(redis.call({"EXISTS", "recommendations:zoe", "winnow:events:zoe",
                                "recommendation_result:zoe:1700000000"}),
                    "0");
}

// A web page that resolves its own name to this machine, and a proxy on it, are no local clients.
BOOST_AUTO_TEST_CASE(only_local_clients_change_items_and_users_without_tokens) {
  redis_server redis;
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  const auto erased = [&](const http_headers& sent) {
    return shop.http().send("DELETE", "/users/u", {}, sent).status;
  };
  BOOST_CHECK_EQUAL(erased({}), 200u);
  BOOST_CHECK_EQUAL(erased({{"Host", "evil.example:8001"}}), 403u);
  BOOST_CHECK_EQUAL(erased({{"X-Forwarded-For", "203.0.113.9"}}), 403u);
}

BOOST_AUTO_TEST_CASE(computes_lists_for_all_profiles_that_exist_at_the_start) {
  redis_server redis;
  redis.call(set_of_profiles(2000));
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  const auto computed = [&] { return shop.metric("winnow_poller_profiles_changed_total") == 2000; };
  BOOST_CHECK(wait_until(computed, std::chrono::seconds(60)));
  const auto count = "return #redis.call('KEYS', 'recommendations:*')";
  BOOST_CHECK_EQUAL(redis.call({"EVAL", count, "0"}), "2000");
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_poller_pending_profiles") == 0; }));
}

BOOST_AUTO_TEST_CASE(notices_changes_if_redis_refuses_client_tracking) {
  redis_server redis;
  redis.call({"ACL", "SETUSER", "winnow", "on", ">secret", "~*", "&*", "+@all", "-client"});
  auto flags = flags_for(redis, {"--poll-interval", "20ms"});
  for (auto& flag : flags)
    if (flag.find("redis://") == 0)
      flag.insert(8, "winnow:secret@");
  daemon_process shop(flags);
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  const auto list = wait_for_list(redis, "u");
  redis.call({"SET", "user_profile:u", books(30, 40)});
  wait_for_list(redis, "u", list);
  BOOST_CHECK_EQUAL(shop.metric("winnow_poller_tracking"), 0);
  BOOST_CHECK(shop.errors().find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_notified_of_changes_by_client_tracking) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--poll-interval", "1h", "--sweep-interval", "1h"}));
  shop.wait_until_ready();
  BOOST_REQUIRE(wait_until([&] { return shop.metric("winnow_poller_tracking") == 1; }));
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
}

BOOST_AUTO_TEST_CASE(finds_each_change_though_its_subscription_is_killed_again_and_again) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--poll-interval", "1h", "--sweep-interval", "1h"}));
  shop.wait_until_ready();
  BOOST_REQUIRE(wait_until([&] { return shop.metric("winnow_poller_tracking") == 1; }));
  for (const auto* connections : {"pubsub", "normal"}) { // the subscription; tracking and all others
    redis.call({"CLIENT", "KILL", "TYPE", connections});
    const auto user = std::string("u of ") + connections;
    redis.call({"SET", "user_profile:" + user, books(4)});
    wait_for_list(redis, user);
  }
}

BOOST_AUTO_TEST_CASE(a_killed_subscription_costs_no_sweep_if_no_profile_changed) {
  redis_server redis;
  redis.call({"SET", "user_profile:u", books(4)});
  daemon_process shop(flags_for(redis, {"--poll-interval", "1h", "--sweep-interval", "1h"}));
  shop.wait_until_ready();
  wait_for_list(redis, "u");
  const auto pings = [&] {
    const auto stats = redis.call({"INFO", "commandstats"});
    const std::string label = "cmdstat_ping:calls=";
    const auto at = stats.find(label);
    return at == std::string::npos ? 0 : std::stoi(stats.substr(at + label.size()));
  };
  // The witness is armed after half a second without a change. The other connections have then confirmed it
  // before the next round of pings. A subscription that is killed before may have lost changes.
  const auto is_settled = [&] {
    const auto before = pings();
    return wait_until([&] {
             return redis.call({"CLIENT", "LIST"}).find("cmd=client|trackinginfo") != std::string::npos;
           }) &&
           wait_until([&] { return pings() >= before + 8; });
  };
  BOOST_REQUIRE(is_settled());
  const auto sweeps = shop.metric("winnow_poller_sweep_duration_seconds_count");
  for (int i = 0; i < 2; ++i) {
    redis.call({"CLIENT", "KILL", "TYPE", "pubsub"});
    redis.call({"SET", "neighbour", "x"});
    BOOST_REQUIRE(wait_until([&] {
      return redis.call({"CLIENT", "LIST", "TYPE", "pubsub"}).find("winnow") != std::string::npos;
    }));
    BOOST_REQUIRE(is_settled());
  }
  const auto list = redis.call({"GET", "recommendations:u"});
  redis.call({"SET", "user_profile:u", books(30, 40)}); // is announced, without a sweep
  wait_for_list(redis, "u", list);
  BOOST_CHECK_EQUAL(shop.metric("winnow_poller_sweep_duration_seconds_count"), sweeps);
}

BOOST_AUTO_TEST_CASE(falls_back_to_the_older_profile_if_the_newest_is_deleted) {
  redis_server redis;
  redis.call({"SET", "user_profile:u:1700000000", books(4)});
  redis.call({"SET", "user_profile:u:1700000009", books(30, 40)});
  daemon_process shop(flags_for(redis, {"--poll-interval", "20ms"}));
  shop.wait_until_ready();
  const auto newest = wait_for_list(redis, "u");
  redis.call({"DEL", "user_profile:u:1700000009"});
  BOOST_CHECK(wait_until([&] {
    const auto status = shop.http().post("/recommend/u").status;
    BOOST_CHECK_MESSAGE(status == 200 || status == 503, status); // the user has a profile all the time
    return status == 200 && redis.call({"GET", "recommendations:u"}) != newest;
  }));
  redis.call({"DEL", "user_profile:u:1700000000"});
  BOOST_CHECK(wait_until([&] { return shop.http().post("/recommend/u").status == 404; }));
}

BOOST_AUTO_TEST_CASE(restores_a_deleted_list) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--poll-interval", "20ms", "--sweep-interval", "20ms"}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  const auto list = wait_for_list(redis, "u");
  redis.call({"DEL", "recommendations:u"});
  BOOST_CHECK_EQUAL(wait_for_list(redis, "u"), list);
}

BOOST_AUTO_TEST_SUITE_END()
