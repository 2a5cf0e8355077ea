#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow::test;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(starts_without_redis_and_recovers_by_itself) {
  redis_server redis;
  redis.stop();
  daemon_process shop(flags_for(redis));
  shop.wait_for_port();
  const auto ready = shop.http().get("/readyz");
  BOOST_CHECK_EQUAL(ready.status, 503);
  BOOST_CHECK_EQUAL(ready.body, R"({"status":"not ready","reasons":["the profile store is not connected"]})");
  const auto health = shop.http().get("/health");
  BOOST_CHECK_EQUAL(health.status, 503);
  BOOST_CHECK_EQUAL(health.body, R"({"status":"unhealthy","model_loaded":true})");
  BOOST_CHECK_EQUAL(shop.http().get("/livez").status, 200);
  const auto refused = shop.http().post("/recommend/u");
  BOOST_CHECK_EQUAL(refused.status, 503);
  BOOST_CHECK(!refused.header("Retry-After").empty());

  redis.start();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  shop.wait_until_ready();
  BOOST_CHECK_EQUAL(shop.http().get("/health").status, 200);
}

BOOST_AUTO_TEST_CASE(recomputes_lists_after_redis_lost_all_data) {
  redis_server redis;
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  const auto list = wait_for_list(redis, "u");
  redis.restart();
  BOOST_CHECK_EQUAL(redis.call({"DBSIZE"}), "0");
  redis.call({"SET", "user_profile:u", books(4)}); // the same content as before
  redis.call({"SET", "user_profile:v", books(5)});
  BOOST_CHECK_EQUAL(wait_for_list(redis, "u"), list);
  wait_for_list(redis, "v");
  shop.wait_until_ready();
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 200);
}

BOOST_AUTO_TEST_CASE(answers_in_time_while_redis_hangs) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--deadline", "300ms", "--command-timeout", "300ms"}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  redis.freeze();
  for (int i = 0; i < 3; ++i) {
    const auto status = shop.http().post("/recommend/u").status;
    BOOST_CHECK_MESSAGE(status == 503 || status == 504, "status " << status);
  }
  const auto stored = shop.http().get("/recommendations/u").status;
  BOOST_CHECK_MESSAGE(stored == 503 || stored == 504, "status " << stored);
  BOOST_CHECK_EQUAL(shop.http().get("/livez").status, 200);
  redis.thaw();
  BOOST_CHECK(wait_until([&] { return shop.http().post("/recommend/u").status == 200; }));
  BOOST_CHECK(wait_until([&] { return shop.metric(in_flight) == 0; }));
}

BOOST_AUTO_TEST_CASE(refuses_requests_beyond_the_limit_at_once) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--max-in-flight", "1", "--background-in-flight", "1"}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  BOOST_REQUIRE(wait_until([&] { return shop.metric(in_flight) == 0; }));
  redis.freeze();
  auto first = recommend_later(shop, "u");
  BOOST_REQUIRE(wait_until([&] { return shop.metric(in_flight) == 1; }));
  const auto refused = shop.http().post("/recommend/u");
  BOOST_CHECK_EQUAL(refused.status, 503);
  BOOST_CHECK_EQUAL(refused.header("Retry-After"), "1");
  BOOST_CHECK_EQUAL(json::parse(refused.body)["status"], "error");
  BOOST_CHECK_EQUAL(shop.metric(in_flight), 1); // the first still waits
  redis.thaw();
  BOOST_CHECK_EQUAL(first.get(), 200u);
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 200);
}

BOOST_AUTO_TEST_CASE(reports_that_redis_refuses_writes_and_recovers) {
  redis_server redis;
  daemon_process shop(flags_for(redis));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  redis.call({"CONFIG", "SET", "maxmemory", "1"});
  redis.call({"DEL", "recommendations:u"});
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 503u);
  const auto readiness = shop.http().get("/readyz");
  BOOST_CHECK_EQUAL(readiness.status, 503u);
  BOOST_CHECK_MESSAGE(readiness.body.find("the profile store refuses to store lists") != std::string::npos,
                      readiness.body);
  BOOST_CHECK(shop.wait_for_error_line("the store refuses to store lists"));
  redis.call({"CONFIG", "SET", "maxmemory", "0"});
  wait_for_list(redis, "u"); // without another request
  BOOST_CHECK(wait_until([&] { return shop.http().get("/readyz").status == 200; }));
}

BOOST_AUTO_TEST_CASE(answers_503_if_redis_refuses_the_daemon) {
  redis_server redis;
  auto flags = flags_for(redis);
  for (auto& flag : flags)
    if (flag.find("redis://") == 0)
      flag.insert(8, "winnow:secret@"); // there is no such user
  daemon_process shop(flags);
  shop.wait_for_port();
  for (const auto& answer : {shop.http().get("/recommendations/u"), shop.http().post("/recommend/u")}) {
    BOOST_CHECK_EQUAL(answer.status, 503u);
    BOOST_CHECK_EQUAL(answer.header("Retry-After"), "1");
    BOOST_CHECK_MESSAGE(answer.body.find("redis://") == std::string::npos, answer.body);
  }
  BOOST_CHECK(shop.wait_for_error_line("WRONGPASS"));
}

BOOST_AUTO_TEST_SUITE_END()
