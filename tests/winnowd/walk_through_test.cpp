#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <regex>

using namespace winnow::test;
using nlohmann::json;

namespace {

const char* const reader = "A8SZ6INK77SAY";

struct shop_fixture {
  redis_server redis;
  daemon_process shop{flags_for(redis)};

  shop_fixture() { shop.wait_until_ready(); }

  void write(const std::string& key, const std::string& value) { redis.call({"SET", key, value}); }

  json recommend(const std::string& user, unsigned status) {
    const auto answer = shop.http().post("/recommend/" + user);
    BOOST_CHECK_EQUAL(answer.status, status);
    return json::parse(answer.body);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(walk_through, shop_fixture)

BOOST_AUTO_TEST_CASE(computes_a_list_for_a_profile_that_appears_in_redis) {
  write("user_profile:" + std::string(reader), books(5));
  const auto list = wait_for_list(redis, reader);
  const auto ids = json::parse(list);
  BOOST_CHECK_EQUAL(ids.size(), 20u);
  for (const auto& read : json::parse(books(5)))
    BOOST_CHECK(std::find(ids.begin(), ids.end(), read) == ids.end());

  write("user_profile:" + std::string(reader), books(30, 40));
  const auto changed = wait_for_list(redis, reader, list);
  const auto served = shop.http().get("/recommendations/" + std::string(reader));
  BOOST_CHECK_EQUAL(served.body, R"({"status":"success","recommendations":)" + changed + "}");
}

BOOST_AUTO_TEST_CASE(computes_and_stores_a_list_on_request) {
  write("user_profile:somebody new", books(7));
  const auto answer = recommend("somebody%20new", 200);
  BOOST_CHECK_EQUAL(answer["status"], "success");
  BOOST_CHECK_EQUAL(answer["user_id"], "somebody new");
  BOOST_CHECK_EQUAL(answer["source"], "history_mean");
  BOOST_CHECK(std::regex_match(answer["model_version"].get<std::string>(), std::regex("[0-9a-f]{16}")));
  BOOST_CHECK_EQUAL(json::parse(redis.call({"GET", "recommendations:somebody new"})),
                    answer["recommendations"]);
}

BOOST_AUTO_TEST_CASE(has_no_list_for_a_user_without_a_profile) {
  BOOST_CHECK_EQUAL(recommend("nobody", 404)["status"], "error");
  const auto list = shop.http().get("/recommendations/nobody");
  BOOST_CHECK_EQUAL(list.status, 404);
  BOOST_CHECK_EQUAL(list.body, R"({"status":"error","message":"No recommendations found"})");
}

BOOST_AUTO_TEST_CASE(uses_the_newest_of_a_users_profiles) {
  write("user_profile:u:1700000001", books(5));
  const auto first = wait_for_list(redis, "u");
  BOOST_CHECK_EQUAL(redis.call({"GET", "recommendation_result:u:1700000001"}), first);
  write("user_profile:u:1700000002", books(30, 40));
  const auto second = wait_for_list(redis, "u", first);
  BOOST_CHECK_EQUAL(redis.call({"GET", "recommendation_result:u:1700000002"}), second);
  BOOST_CHECK_EQUAL(recommend("u", 200)["recommendations"], json::parse(second));
}

BOOST_AUTO_TEST_CASE(a_bad_profile_affects_no_other_user) {
  write("user_profile:bad", "[\"1\", nonsense");
  redis.call({"LPUSH", "user_profile:a list of Redis", "1"});
  write("user_profile:good", books(4));
  wait_for_list(redis, "good");
  const auto refused = recommend("bad", 422);
  BOOST_CHECK(refused["message"].get<std::string>().find("user_profile:bad") == 0);
  BOOST_CHECK_EQUAL(recommend("a%20list%20of%20Redis", 409)["status"], "error");
  BOOST_CHECK_EQUAL(redis.call({"EXISTS", "recommendations:bad"}), "0");
  BOOST_CHECK(shop.wait_for_error_line("user_profile:bad"));
}

BOOST_AUTO_TEST_CASE(answers_health_byte_for_byte) {
  const auto health = shop.http().get("/health");
  BOOST_CHECK_EQUAL(health.status, 200);
  BOOST_CHECK_EQUAL(health.header("Content-Type"), "application/json");
  BOOST_CHECK_EQUAL(health.body, R"({"status":"healthy","model_loaded":true})");
}

BOOST_AUTO_TEST_CASE(counts_the_keys_of_redis) {
  write("user_profile:u", books(4));
  write("something else", "1");
  wait_for_list(redis, "u");
  const auto counts = json::parse(shop.http().get("/metrics").body);
  BOOST_CHECK_EQUAL(counts["redis_keys"], 4); // one of them has the record of the list
  BOOST_CHECK_EQUAL(counts["user_profiles"], 1);
  BOOST_CHECK_EQUAL(counts["recommendations"], 1);
}

BOOST_AUTO_TEST_CASE(never_sends_the_keys_command) {
  write("user_profile:u", books(4));
  wait_for_list(redis, "u");
  recommend("u", 200);
  shop.http().get("/metrics");
  const auto statistics = redis.call({"INFO", "commandstats"});
  BOOST_CHECK(statistics.find("cmdstat_scan:") != std::string::npos);
  BOOST_CHECK(statistics.find("cmdstat_keys:") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
