#include "json_schema.hpp"
#include "models/model_set.hpp"
#include "models/rules/rules_file.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

const char* const user = "A8SZ6INK77SAY";

std::string id(std::uint32_t item) {
  return std::string(bookshop()->items[item]);
}

shop_rules_ptr rules_of(const std::string& text) {
  return std::make_shared<const shop_rules>(parse_rules(text).value());
}

/// An item that is on no plain list at the first place.
std::string pinned() {
  return id(99);
}

shop_rules_ptr usual_rules() {
  return rules_of(R"({"pin": {")" + pinned() + R"(": 1}, "placements": {"cart": {"limit": 3, "pin": {")" +
                  id(98) + R"(": 2}}, "home": {"limit": 5, "candidates": 30, "din_keep": 10}}})");
}

struct shop_rules_fixture {
  shop_rules_fixture() : daemon(running_daemon::usual_settings(), {}, nullptr, usual_rules()) {
    daemon.write(user, history_json(7));
    stored = daemon.wait_for_list(user);
  }

  json post(const std::string& target, const std::string& body, unsigned status = 200) const {
    const auto answer = daemon.http().post(target, body, {{"Content-Type", "application/json"}});
    BOOST_TEST_CONTEXT(target << " " << body << " -> " << answer.status << " " << answer.body)
    BOOST_CHECK_EQUAL(answer.status, status);
    return json::parse(answer.body);
  }

  json recommend(const std::string& query, const std::string& body = "", unsigned status = 200) const {
    return post("/recommend/" + std::string(user) + query, body, status);
  }

  running_daemon daemon;
  std::string stored;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(shop_rules_suite, shop_rules_fixture)

BOOST_AUTO_TEST_CASE(rules_hold_for_plain_lists_also_for_those_that_are_stored_by_themselves) {
  BOOST_CHECK_EQUAL(json::parse(stored)[0], pinned());
  const auto plain = recommend("");
  BOOST_CHECK_EQUAL(plain["recommendations"], json::parse(stored));
  BOOST_CHECK_EQUAL(plain["message"], "Recommendations computed and stored");
}

BOOST_AUTO_TEST_CASE(a_placement_is_named_in_the_query_the_body_or_a_batch) {
  const auto cart = recommend("?placement=cart")["recommendations"];
  BOOST_REQUIRE_EQUAL(cart.size(), 3u);
  BOOST_CHECK_EQUAL(cart[0], pinned());
  BOOST_CHECK_EQUAL(cart[1], id(98));
  BOOST_CHECK_EQUAL(recommend("", R"({"placement": "cart"})")["recommendations"], cart);
  BOOST_CHECK_EQUAL(recommend("?placement=home", R"({"placement": "cart"})")["recommendations"], cart);
  const auto batch =
      post("/recommend", R"({"placement": "cart", "users": [")" + std::string(user) + R"(", {"user_id": ")" +
                             std::string(user) + R"(", "placement": "home"}, {"history": ["x"]}]})");
  BOOST_CHECK_EQUAL(batch["results"][0]["body"]["recommendations"], cart);
  BOOST_CHECK_EQUAL(batch["results"][1]["body"]["recommendations"].size(), 5u);
  BOOST_CHECK_EQUAL(batch["results"][2]["body"]["recommendations"].size(), 3u);
  BOOST_CHECK_EQUAL(daemon.list_of(user).value(), stored); // lists of placements are not stored
  BOOST_CHECK_EQUAL(daemon.metric("winnow_rules_placement_lists_total"), 6);
}

BOOST_AUTO_TEST_CASE(unknown_placements_are_422_with_the_nearest_name) {
  BOOST_CHECK_EQUAL(recommend("?placement=crat", "", 422)["message"],
                    "placement: the rules have no \"crat\"; did you mean cart?");
  const auto batch = post("/recommend", R"({"users": [{"user_id": ")" + std::string(user) +
                                            R"(", "placement": "hom"}, ")" + user + R"("]})");
  BOOST_CHECK_EQUAL(batch["results"][0]["status"], 422);
  BOOST_CHECK_EQUAL(batch["results"][1]["status"], 200);
  BOOST_CHECK_EQUAL(recommend("?placement=cart&wait=false", "", 400)["status"], "error");
}

BOOST_AUTO_TEST_CASE(a_request_wins_over_the_rules) {
  const auto list = recommend("", R"({"pin": {")" + id(50) + R"(": 1}})")["recommendations"];
  BOOST_CHECK_EQUAL(list[0], id(50));
  const auto without = recommend("", R"({"exclude": [")" + pinned() + R"("]})");
  for (const auto& item : without["recommendations"])
    BOOST_CHECK_NE(item, pinned());
}

BOOST_AUTO_TEST_CASE(other_rules_make_stored_lists_due) {
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(),
                 rules_of(R"({"exclude": [")" + pinned() + R"("]})"));
  const auto without = daemon.wait_for_list(user, stored);
  BOOST_CHECK_EQUAL(without.find(pinned()), std::string::npos);
  BOOST_CHECK_EQUAL(json::parse(without).size(), 20u);
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(), usual_rules());
  BOOST_CHECK_EQUAL(daemon.wait_for_list(user, without), stored);
}

BOOST_AUTO_TEST_CASE(rules_that_do_not_fit_the_items_are_shown_before_the_next_list) {
  const auto readiness = [&] { return daemon.http().get("/readyz").body; };
  const auto shows = [&](const std::string& part) {
    return wait_until([&] { return readiness().find(part) != std::string::npos; });
  };
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(),
                 rules_of(R"({"placements": {"cart": {"filter": {"cheep": true}}}})"));
  BOOST_CHECK(shows("rules that do not fit the items are not applied: placements.cart.filter: "));
  BOOST_CHECK(shows(R"("status":"degraded")"));
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(), usual_rules());
  BOOST_CHECK(shows(R"("status":"ready")"));
}

BOOST_AUTO_TEST_CASE(popular_and_similar_items_obey_the_rules_for_all_lists) {
  const auto ids = [&](const std::string& target, const char* what) {
    std::vector<std::string> all;
    const auto answer = json::parse(daemon.http().get(target).body);
    for (const auto& one : answer[what])
      all.push_back(one["item_id"]);
    return all;
  };
  const auto popular = [&] { return ids("/popular", "popular"); };
  const auto similar = [&] { return ids("/items/" + id(0) + "/similar", "similar"); };
  const auto had = popular(), near = similar();
  BOOST_REQUIRE(!had.empty() && !near.empty());
  const auto has = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(),
                 rules_of(R"({"exclude": [")" + had[0] + R"(", ")" + near[0] + R"("]})"));
  BOOST_CHECK(wait_until([&] { return !has(popular(), had[0]); }));
  BOOST_CHECK_EQUAL(popular()[0], had[1] == near[0] ? had[2] : had[1]);
  BOOST_CHECK(wait_until([&] { return !has(similar(), near[0]); }));
  BOOST_CHECK_EQUAL(similar().size(), near.size());
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(), usual_rules());
  BOOST_CHECK(wait_until([&] { return popular() == had && similar() == near; }));
}

BOOST_AUTO_TEST_CASE(what_is_taken_from_the_list_of_a_placement_counts_for_it) {
  const std::string first = recommend("?placement=cart")["recommendations"][0];
  auto profile = json::parse(history_json(7));
  profile.push_back(first);
  daemon.write(user, profile.dump());
  BOOST_CHECK(wait_until([&] { return daemon.metric("winnow_placement_taken_total") == 1; }));
  daemon.meters().taken.update();
  BOOST_CHECK_EQUAL(daemon.metric("winnow_placement_mrr"), 1);
  BOOST_CHECK_EQUAL(daemon.metric("winnow_taken_total"), 1);
}

BOOST_AUTO_TEST_SUITE_END()
