// Lists in Redis belong to a profile and a version of the models, also over restarts, losses and removals.

#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <random>

using namespace winnow::test;

namespace {

constexpr const char* computed = "winnow_poller_profiles_changed_total";
constexpr const char* unchanged = "winnow_poller_profiles_unchanged_total";

/// Redis with some users, and a daemon that sweeps all the time.
struct lists_fixture {
  static constexpr int users = 50;
  redis_server redis;
  const strings flags = flags_for(redis, {"--poll-interval", "50ms", "--sweep-interval", "50ms"});

  lists_fixture() {
    for (int i = 0; i < users; ++i)
      redis.call({"SET", "user_profile:u" + std::to_string(i), books(4, static_cast<std::size_t>(i))});
  }

  std::string list_of(const std::string& user) const {
    return redis.call({"GET", "recommendations:" + user});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stored_lists, lists_fixture)

BOOST_AUTO_TEST_CASE(a_restart_computes_only_what_is_due) {
  {
    daemon_process first(flags);
    first.wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return first.metric(computed) == users; }));
    first.signal(SIGTERM);
    BOOST_CHECK_EQUAL(first.wait().value_or(-1), 0);
  }
  const auto was = list_of("u1"), other = list_of("u2");
  redis.call({"SET", "user_profile:u0", books(5)}); // while nobody looked
  redis.call({"DEL", "recommendations:u1"});
  redis.call({"SET", "recommendations:u2", "rubbish"});
  daemon_process second(flags);
  second.wait_until_ready();
  BOOST_CHECK(wait_until([&] { return second.metric(unchanged) >= 3 * users; }));
  BOOST_CHECK_EQUAL(second.metric(computed), 3);
  BOOST_CHECK_EQUAL(list_of("u1"), was);
  BOOST_CHECK_EQUAL(list_of("u2"), other);
}

BOOST_AUTO_TEST_CASE(a_list_goes_whose_profile_went_while_nobody_looked) {
  {
    daemon_process first(flags);
    first.wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return first.metric(computed) == users; }));
    first.signal(SIGTERM);
    BOOST_CHECK_EQUAL(first.wait().value_or(-1), 0);
  }
  redis.call({"DEL", "user_profile:u1"});
  daemon_process second(flags);
  BOOST_CHECK(wait_until([&] { return list_of("u1") == "(nil)"; }));
  BOOST_CHECK(list_of("u2") != "(nil)");
}

BOOST_AUTO_TEST_CASE(each_timestamp_gets_a_result_also_if_nobody_looked) {
  const auto has_result = [&](const std::string& timestamp) {
    return redis.call({"EXISTS", "recommendation_result:u1:" + timestamp}) == "1";
  };
  redis.call({"SET", "user_profile:u1:1700000001", books(4)});
  redis.call({"SET", "user_profile:u1:1700000002", books(4)});
  daemon_process shop(flags);
  BOOST_CHECK(wait_until([&] { return has_result("1700000001") && has_result("1700000002"); }));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u1:1700000003", books(4)});
  BOOST_CHECK(wait_until([&] { return has_result("1700000003"); }));
}

BOOST_AUTO_TEST_CASE(profiles_with_and_without_a_timestamp_come_and_go_in_any_order) {
  daemon_process shop(flags);
  shop.wait_until_ready();
  std::mt19937 random(7);
  const strings ends{"", ":1700000001", ":1700000002", ":1700000003"};
  for (std::size_t step = 0; step < 500; ++step) {
    const auto key = "user_profile:w" + std::to_string(random() % 5) + ends[random() % ends.size()];
    if (random() % 4 == 0)
      redis.call({"DEL", key});
    else
      redis.call({"SET", key, books(3 + step % 5, step)});
  }
  const auto settled = [&](const std::string& user) {
    const auto result = [&](std::size_t i) {
      return redis.call({"GET", "recommendation_result:" + user + ends[i]});
    };
    return result(1) != "(nil)" && result(2) != "(nil)" && result(3) == list_of(user) && result(3) != "(nil)";
  };
  for (std::size_t i = 0; i < 5; ++i) {
    const auto user = "w" + std::to_string(i);
    for (const auto at : {3, 1, 2, 0}) // the last one is older than all others
      redis.call({"SET", "user_profile:" + user + ends[static_cast<std::size_t>(at)], books(9, i)});
    BOOST_CHECK(wait_until([&] { return settled(user); }));
  }
  BOOST_CHECK_EQUAL(shop.http().get("/readyz").status, 200u);
}

BOOST_AUTO_TEST_CASE(a_list_that_was_overwritten_is_repaired) {
  daemon_process shop(flags);
  shop.wait_until_ready();
  const auto was = wait_for_list(redis, "u7");
  BOOST_REQUIRE(wait_until([&] { return shop.metric(computed) == users; }));
  redis.call({"SET", "recommendations:u7", "rubbish"});
  BOOST_CHECK(wait_until([&] { return list_of("u7") == was; }));
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_poller_lists_repaired_total") >= 1; }));
}

BOOST_AUTO_TEST_CASE(when_a_profile_goes_so_do_its_lists) {
  redis.call({"SET", "user_profile:u7:1700000000", books(6)});
  daemon_process shop(flags);
  shop.wait_until_ready();
  wait_for_list(redis, "u7");
  BOOST_REQUIRE(wait_until([&] { return shop.metric(computed) == users; }));
  const auto is_there = [&](const std::string& key) { return redis.call({"EXISTS", key}) == "1"; };
  BOOST_CHECK(is_there("recommendation_result:u7:1700000000"));
  redis.call({"DEL", "user_profile:u7:1700000000"});
  BOOST_CHECK(wait_until([&] { return !is_there("recommendation_result:u7:1700000000"); }));
  redis.call({"DEL", "user_profile:u7"});
  BOOST_CHECK(wait_until([&] { return !is_there("recommendations:u7"); }));
  const auto records = [&] {
    int count = 0;
    const auto keys = redis.call({"KEYS", "winnow:lists:*"});
    for (std::size_t at = 0; at < keys.size(); at = keys.find('\n', at) + 1) {
      const auto end = keys.find('\n', at);
      count += std::stoi(redis.call({"HLEN", keys.substr(at, end - at)}));
      if (end == std::string::npos)
        break;
    }
    return count;
  };
  BOOST_CHECK(wait_until([&] { return records() == users - 1; }));
}

BOOST_AUTO_TEST_CASE(users_who_are_removed_while_they_are_computed_stay_removed) {
  daemon_process shop(flags);
  shop.wait_until_ready();
  for (int round = 0; round < 20; ++round)
    for (int i = 0; i < users; ++i) {
      const auto user = "v" + std::to_string(i);
      redis.call({"SET", "user_profile:" + user, books(3, static_cast<std::size_t>(round))});
      redis.call({"DEL", "user_profile:" + user, "recommendations:" + user});
    }
  redis.call({"SET", "user_profile:last", books(3)});
  wait_for_list(redis, "last");
  for (int i = 0; i < users; ++i)
    BOOST_CHECK(wait_until([&] { return list_of("v" + std::to_string(i)) == "(nil)"; }));
}

BOOST_AUTO_TEST_SUITE_END()
