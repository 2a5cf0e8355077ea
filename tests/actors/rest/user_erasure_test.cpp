#include "actors/rest/user_erasure.hpp"

#include "models/model_set.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

json erased(const running_daemon& daemon, const std::string& user, unsigned status = 200) {
  const auto answer = daemon.http().erase("/users/" + user);
  BOOST_CHECK_EQUAL(answer.status, status);
  return json::parse(answer.body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_erasure_suite)

BOOST_AUTO_TEST_CASE(erases_all_keys_of_the_user_and_of_nobody_else) {
  running_daemon daemon;
  daemon.write("anna", history_json(5));
  daemon.write("anna", history_json(6), "1700000000");
  daemon.write("anna", history_json(7), "1700000001");
  daemon.write("anna:b", history_json(4));
  daemon.write("annabel", history_json(4), "1700000000");
  const auto result = [&](const char* time) {
    return daemon.value_of("recommendation_result:anna:" + std::string(time));
  };
  daemon.wait_for_list("anna:b");
  daemon.wait_for_list("annabel");
  BOOST_REQUIRE(wait_until([&] { return result("1700000000") && result("1700000001"); }));
  const auto body = erased(daemon, "anna");
  BOOST_CHECK_EQUAL(body["user_id"], "anna");
  BOOST_CHECK_EQUAL(body["erased"]["profiles"], 3);
  BOOST_CHECK_EQUAL(body["erased"]["lists"], 1);
  BOOST_CHECK_EQUAL(body["erased"]["results"], 2);
  BOOST_CHECK_EQUAL(body["remaining"], json::array());
  BOOST_CHECK(!daemon.list_of("anna"));
  BOOST_CHECK(!result("1700000000") && !result("1700000001"));
  BOOST_CHECK(daemon.list_of("anna:b") && daemon.list_of("annabel"));
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/anna").status, 404u);
  const auto again = erased(daemon, "anna");
  for (const auto& [what, count] : again["erased"].items())
    BOOST_CHECK_MESSAGE(count == 0, what);
}

BOOST_AUTO_TEST_CASE(refuses_the_id_of_a_profile_which_may_be_another_users) {
  running_daemon daemon;
  daemon.write("anna", history_json(5), "1700000001");
  daemon.wait_for_list("anna");
  const auto body = erased(daemon, "anna:1700000001", 422);
  for (const auto* advice : {"DELETE /users/anna ", "user_profile:anna:1700000001"})
    BOOST_TEST(body["message"].get<std::string>().find(advice) != std::string::npos);
  BOOST_CHECK(daemon.value_of("user_profile:anna:1700000001"));
  BOOST_CHECK(daemon.value_of("recommendation_result:anna:1700000001"));
}

BOOST_AUTO_TEST_CASE(keeps_no_history_for_the_gate) {
  running_daemon daemon;
  const auto keeps = [&](const std::string& user) {
    for (const auto& one : daemon.recent().all())
      if (one.user_id == user)
        return true;
    return false;
  };
  for (const char* user : {"anna", "bert"}) {
    daemon.write(user, history_json(5));
    daemon.wait_for_list(user);
    BOOST_CHECK(keeps(user));
  }
  erased(daemon, "anna");
  BOOST_CHECK(!keeps("anna"));
  BOOST_CHECK(keeps("bert"));
}

BOOST_AUTO_TEST_CASE(says_that_trained_models_know_the_user) {
  running_daemon daemon;
  const auto body = erased(daemon, "A8SZ6INK77SAY");
  BOOST_REQUIRE_EQUAL(body["remaining"].size(), 1u);
  BOOST_CHECK_EQUAL(body["remaining"][0], "the trained models know the user until the next training");
}

BOOST_AUTO_TEST_CASE(erases_what_is_known_while_the_keys_cannot_be_listed) {
  running_daemon daemon;
  daemon.write("anna", history_json(5));
  daemon.write("anna", history_json(6), "1700000000");
  BOOST_REQUIRE(wait_until([&] { return daemon.value_of("recommendation_result:anna:1700000000"); }));
  daemon.wait_for_list("anna");
  daemon.store().refuse_scans();
  BOOST_CHECK_EQUAL(
      erased(daemon, "anna", 503)["message"],
      "the user's profile, list and what was found are erased, erasing again completes it: keys "
      "are moved as the test asks");
  BOOST_CHECK(!daemon.list_of("anna"));
  for (const auto* key : {"user_profile:anna:1700000000", "recommendation_result:anna:1700000000"})
    BOOST_CHECK(!daemon.value_of(key));
  BOOST_CHECK(daemon.recent().all().empty());
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/anna").status, 404u);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_503) {
  running_daemon daemon;
  daemon.store().go_away();
  erased(daemon, "anna", 503);
}

BOOST_AUTO_TEST_SUITE_END()
