// The whole daemon with a Redis that answers, but does not do all that the daemon needs: /readyz says what a
// request sent now would meet, and why; and it comes back by itself.

#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

using namespace winnow::test;

namespace {

/// A daemon that logs in as the user `old`, with a profile of the user `u` in the store.
struct restricted_shop {
  explicit restricted_shop(const std::string& rules) {
    allow("reset on >secret ~user_profile:* ~recommendations:* ~recommendation_result:* " + rules);
    redis.call({"SET", "user_profile:u", books(4)});
    auto flags = flags_for(redis);
    for (auto& flag : flags)
      if (flag.find("redis://") == 0)
        flag.insert(8, "old:secret@");
    shop.emplace(flags);
    shop->wait_for_port();
  }

  void allow(const std::string& rules) {
    strings words{"ACL", "SETUSER", "old"};
    std::istringstream source(rules);
    for (std::string word; source >> word;)
      words.push_back(word);
    BOOST_REQUIRE_EQUAL(redis.call(words), "OK");
  }

  /// Waits until /readyz has this status and mentions the text.
  void wait_for(unsigned status, const std::string& text) const { wait_for_readiness(*shop, status, text); }

  static void wait_for_readiness(const daemon_process& asked, unsigned status, const std::string& text) {
    http_answer last;
    BOOST_CHECK_MESSAGE(wait_until([&] {
                          last = asked.http().get("/readyz");
                          return last.status == status && last.body.find(text) != std::string::npos;
                        }),
                        "expected " << status << " " << text << ", got " << last.status << " " << last.body);
  }

  unsigned recommend() const { return shop->http().post("/recommend/u").status; }

  redis_server redis;
  std::optional<daemon_process> shop;
};

/// The ids of the daemon's connections.
std::set<std::string> daemon_connections(const redis_server& redis) {
  std::set<std::string> ids;
  std::istringstream clients(redis.call({"CLIENT", "LIST"}));
  for (std::string line; std::getline(clients, line);)
    if (line.find(" name=winnow ") != std::string::npos)
      ids.insert(line.substr(0, line.find(' ')));
  return ids;
}

} // namespace

BOOST_AUTO_TEST_SUITE(readiness)

BOOST_AUTO_TEST_CASE(serves_without_getrange_and_exists) {
  restricted_shop fixture("+get +set +scan");
  fixture.wait_for(200, R"("status":"ready")");
  BOOST_CHECK_EQUAL(fixture.recommend(), 200u);
  wait_for_list(fixture.redis, "u");
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_profiles_cannot_be_read) {
  restricted_shop fixture("+set +scan");
  fixture.wait_for(503, "Redis denies GET to user old; needed: GET SET SCAN");
  BOOST_CHECK_EQUAL(fixture.shop->http().get("/health").status, 503u);
  const auto refused = fixture.shop->http().post("/recommend/u");
  BOOST_CHECK_EQUAL(refused.status, 503u);
  BOOST_CHECK_MESSAGE(refused.body.find("NOPERM") == std::string::npos, refused.body);
  BOOST_CHECK(fixture.shop->wait_for_error_line("the store refuses to return profiles"));
  BOOST_CHECK(fixture.shop->wait_for_error_line("NOPERM"));

  fixture.allow("+get");
  fixture.wait_for(200, R"("status":"ready")");
  BOOST_CHECK_EQUAL(fixture.recommend(), 200u);
  BOOST_CHECK(fixture.shop->wait_for_error_line("the store returns profiles again"));
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_lists_of_timestamps_cannot_be_stored) {
  restricted_shop fixture("+@all ~winnow:*");
  fixture.wait_for(200, R"("status":"ready")");
  fixture.allow("resetkeys ~user_profile:* ~recommendations:* ~winnow:*");
  fixture.redis.call({"SET", "user_profile:u:1700000001", books(4)});
  fixture.wait_for(503, "Redis denies SET of recommendation_result:* to user old");
  BOOST_CHECK_EQUAL(fixture.recommend(), 503u);
  fixture.allow("~recommendation_result:*");
  fixture.wait_for(200, R"("status":"ready")");
  BOOST_CHECK_EQUAL(fixture.recommend(), 200u);
}

BOOST_AUTO_TEST_CASE(is_ready_while_the_keys_of_some_users_are_allowed) {
  restricted_shop fixture("+@all resetkeys ~user_profile:u* ~recommendations:u* ~winnow:*");
  wait_for_list(fixture.redis, "u");
  fixture.wait_for(200, R"("status":"ready")");
  BOOST_CHECK_EQUAL(fixture.recommend(), 200u);
  fixture.allow("resetkeys ~user_profile:none* ~recommendations:none* ~winnow:*");
  BOOST_CHECK(wait_until([&] {
    static_cast<void>(fixture.recommend());
    return fixture.shop->http().get("/readyz").status == 503u;
  }));
  fixture.wait_for(503, "it denied the probe's key user_profile:winnow-probe-*");
  fixture.wait_for(503, "needed: ~user_profile:*");
}

BOOST_AUTO_TEST_CASE(is_degraded_while_profiles_cannot_be_listed) {
  restricted_shop fixture("+get +getrange +exists +set");
  fixture.wait_for(200, "Redis denies SCAN to user old");
  BOOST_CHECK_EQUAL(fixture.recommend(), 200u);
  BOOST_CHECK_EQUAL(fixture.shop->http().get("/health").status, 200u);
  fixture.allow("+scan");
  fixture.wait_for(200, R"("status":"ready")");
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_a_script_keeps_redis_busy) {
  redis_server redis({"--lua-time-limit", "1"});
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  std::thread script([&] { redis.call({"EVAL", "while true do redis.call('GET', 'a') end", "0"}); });
  restricted_shop::wait_for_readiness(shop, 503, "Redis is busy with a script");
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 503u);
  BOOST_CHECK_EQUAL(redis.call({"SCRIPT", "KILL"}), "OK");
  script.join();
  shop.wait_until_ready();
}

BOOST_AUTO_TEST_CASE(is_not_ready_while_redis_loads_its_data) {
  redis_server redis({"--loading-process-events-interval-bytes", "1024"});
  redis.call({"EVAL", "for i = 1, 1000 do redis.call('SET', 'key' .. i, string.rep('x', 100)) end", "0"});
  redis.call({"SET", "user_profile:u", books(4)});
  BOOST_REQUIRE_EQUAL(redis.call({"SAVE"}), "OK");
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  redis.add_arguments({"--key-load-delay", "4000"}); // microseconds a key
  redis.restart();
  restricted_shop::wait_for_readiness(shop, 503, "Redis is loading its data");
  redis.call({"CONFIG", "SET", "key-load-delay", "0"});
  shop.wait_until_ready();
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 200u);
}

BOOST_AUTO_TEST_CASE(stays_not_ready_while_redis_leaves_writes_unanswered) {
  redis_server redis;
  redis.call({"SET", "user_profile:u", books(4)});
  auto flags = flags_for(redis);
  *std::next(std::find(flags.begin(), flags.end(), "--command-timeout")) = "300ms";
  daemon_process shop(flags);
  shop.wait_until_ready();
  BOOST_CHECK_EQUAL(redis.call({"CLIENT", "PAUSE", "600000", "WRITE"}), "OK");
  restricted_shop::wait_for_readiness(shop, 503, "the profile store is not connected");
  auto connections = daemon_connections(redis);
  const auto before = connections.size();
  int ready = 0; // while the daemon connects several times
  BOOST_CHECK(wait_until([&] {
    ready += shop.http().get("/readyz").status == 200 ? 1 : 0;
    connections.merge(daemon_connections(redis));
    return connections.size() > before + 3;
  }));
  BOOST_CHECK_EQUAL(ready, 0);
  BOOST_CHECK_EQUAL(redis.call({"CLIENT", "UNPAUSE"}), "OK");
  shop.wait_until_ready();
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 200u);
}

BOOST_AUTO_TEST_CASE(check_store_prints_what_works_and_exits_with_0_1_69_or_78) {
  redis_server redis;
  const auto check = [&](const std::string& user, std::optional<int> code) {
    auto flags = flags_for(redis, {"--check-store"});
    for (auto& flag : flags)
      if (flag.find("redis://") == 0)
        flag.insert(8, user);
    daemon_process shop(flags);
    BOOST_CHECK(shop.wait() == code);
    return shop.output() + shop.errors();
  };
  const auto all = check("", 0);
  BOOST_CHECK_MESSAGE(all.find("GETRANGE") != std::string::npos, all);
  BOOST_CHECK_MESSAGE(all.find("redis-cli ACL SETUSER winnow on") != std::string::npos, all);
  // The longest texts of their columns do not touch the next ones.
  BOOST_CHECK_MESSAGE(
      all.find("\nCLIENT TRACKINGINFO  noticing that a lost connection for announcements cost "
               "nothing  ok\n") != std::string::npos,
      all);

  redis.call({"ACL", "SETUSER", "old", "on", ">secret", "~*", "+get", "+set"});
  const auto some = check("old:secret@", 1);
  BOOST_CHECK_MESSAGE(some.find("SCAN: NOPERM") != std::string::npos, some);
  BOOST_CHECK_MESSAGE(some.find("secret") == std::string::npos, some);
  check("old:wrong@", 78);
  redis.stop();
  check("", 69);
}

BOOST_AUTO_TEST_CASE(a_check_of_the_settings_and_the_store_does_both) {
  redis_server redis;
  const auto run = [&](const std::string& first, int code) {
    daemon_process shop(flags_for(redis, {first, "--check-store"}));
    BOOST_TEST(shop.wait().value_or(-1) == code);
    return shop.output() + shop.errors();
  };
  BOOST_TEST(run("--check-config", 0).find("redis-cli ACL SETUSER winnow on") != std::string::npos);
  BOOST_TEST(run("--print-config", 0).find("redis-cli ACL SETUSER winnow on") != std::string::npos);
  redis.stop();
  BOOST_TEST(run("--check-config", 69).find("the settings are valid") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(signals_end_a_check_of_the_store) {
  namespace asio = boost::asio;
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    asio::io_context io;
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    const auto store = "redis://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    daemon_process shop({"--check-store", "--store", store, "--connect-timeout", "1h"});
    const auto connection = silent.accept(); // the check waits for what it never says
    shop.signal(number);
    BOOST_CHECK(shop.wait().has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
