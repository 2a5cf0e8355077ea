#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

// What users take after their lists, as a daemon sees it in Redis.

using namespace winnow::test;
using nlohmann::json;

namespace {

/// A daemon, and users who take books.
struct taking_fixture {
  redis_server redis;
  daemon_process shop;

  explicit taking_fixture(const strings& further = {}) : shop(flags_for(redis, further)) {
    shop.wait_until_ready();
  }

  /// Writes the profile and waits for its list.
  json list_after(const std::string& user, const json& profile) const {
    const auto before = redis.call({"GET", "recommendations:" + user});
    redis.call({"SET", "user_profile:" + user, profile.dump()});
    return json::parse(wait_for_list(redis, user, before));
  }

  bool counted(const std::string& place, int times) const {
    const auto line = "winnow_taken_total{place=\"" + place + "\",version=\"";
    return wait_until([&] {
      const auto text = shop.http().get("/metrics", {{"Accept", "text/plain"}}).body;
      const auto at = text.find(line);
      if (at == std::string::npos)
        return times == 0;
      const auto value = text.find("\"} ", at) + 3;
      return std::stoi(text.substr(value)) == times;
    });
  }
};

struct unwatched_fixture : taking_fixture {
  unwatched_fixture() : taking_fixture({"--watch-taken", "0"}) {}
};

} // namespace

BOOST_FIXTURE_TEST_CASE(what_a_user_takes_is_counted_by_its_place, taking_fixture) {
  auto profile = json::parse(books(3));
  const auto first = list_after("u", profile);
  profile.push_back(first.at(0));
  const auto second = list_after("u", profile);
  BOOST_TEST(counted("1", 1));
  profile.push_back(second.at(7));
  list_after("u", profile);
  BOOST_TEST(counted("6-10", 1));
  profile.push_back("a book that is on no list");
  redis.call({"SET", "user_profile:u", profile.dump()});
  BOOST_TEST(counted("not", 1));
  BOOST_TEST(counted("1", 1));

  // A request may come before the daemon has noticed the change: either counts it, once.
  profile.push_back(json::parse(redis.call({"GET", "recommendations:u"})).at(1));
  redis.call({"SET", "user_profile:u", profile.dump()});
  BOOST_TEST(shop.http().post("/recommend/u").status == 200u);
  BOOST_TEST(counted("2-5", 1));
}

BOOST_AUTO_TEST_CASE(what_was_counted_outlives_the_daemon) {
  const redis_server redis;
  const temp_dir made;
  const auto flags = flags_for(redis, {"--learn-state", made.path() + "/learned"});
  auto profile = json::parse(books(3));
  const auto take = [&](daemon_process& shop, std::size_t place) {
    shop.wait_until_ready();
    const auto before = redis.call({"GET", "recommendations:u"});
    redis.call({"SET", "user_profile:u", profile.dump()});
    const auto list = json::parse(place == 0 ? wait_for_list(redis, "u") : wait_for_list(redis, "u", before));
    profile.push_back(list.at(place));
  };
  const auto rate = [](daemon_process& shop) {
    const auto text = shop.http().get("/metrics", {{"Accept", "text/plain"}}).body;
    const auto at = text.find("winnow_online_mrr{version=");
    return at == std::string::npos ? 0.0 : std::stod(text.substr(text.find("\"} ", at) + 3));
  };
  {
    daemon_process shop(flags);
    take(shop, 0);
    take(shop, 1); // took the first, will take the second
    BOOST_REQUIRE(wait_until([&] { return rate(shop) == 1; }));
    shop.signal(SIGTERM);
    BOOST_REQUIRE(shop.wait().value_or(-1) == 0);
  }
  daemon_process shop(flags);
  shop.wait_until_ready();
  BOOST_TEST(rate(shop) == 1); // as before
  redis.call({"SET", "user_profile:u", profile.dump()});
  BOOST_TEST(wait_until([&] { return rate(shop) == 0.75; })); // the list of the earlier process is remembered
}

BOOST_FIXTURE_TEST_CASE(nothing_is_watched_if_that_is_switched_off, unwatched_fixture) {
  auto profile = json::parse(books(3));
  profile.push_back(list_after("u", profile).at(0));
  list_after("u", profile);
  BOOST_TEST(counted("1", 0));
}
