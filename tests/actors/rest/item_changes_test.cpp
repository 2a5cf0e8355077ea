#include "actors/rest/http_server.hpp"

#include "json_schema.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

const char* const user = "A8SZ6INK77SAY";

struct changes_fixture {
  changes_fixture() : daemon(options()) {
    daemon.write(user, history_json(7));
    daemon.wait_for_list(user);
    document = json::parse(daemon.http().get("/openapi.json").body);
  }

  settings options() const {
    auto usual = running_daemon::usual_settings();
    usual.models.deny_items = dir.path() + "/deny";
    std::ofstream(usual.models.deny_items) << bookshop()->items[120] << "\n";
    return usual;
  }

  json ask(const char* method, const std::string& target, const std::string& path,
           const std::string& body = {}, unsigned status = 200) const {
    const auto answer = daemon.http().send(method, target, body);
    BOOST_TEST_CONTEXT(method << " " << target << " " << body << " -> " << answer.status << " "
                              << answer.body) {
      BOOST_CHECK_EQUAL(answer.status, status);
      std::string lower(method);
      std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return std::tolower(c); });
      const auto& promised = document["paths"].at(path)[lower]["responses"];
      BOOST_REQUIRE(promised.contains(std::to_string(answer.status)));
      const auto parsed = json::parse(answer.body);
      const auto& schema = promised[std::to_string(answer.status)]["content"]["application/json"]["schema"];
      BOOST_CHECK_EQUAL(misfit(parsed, schema, document), "");
      return parsed;
    }
    return {};
  }

  json put(const std::string& item, const char* attributes, unsigned status = 200) const {
    return ask("PUT", "/items/" + item, "/items/{item_id}", attributes, status);
  }

  json recommended(const char* body = "") const {
    return ask("POST", "/recommend/" + std::string(user), "/recommend/{user_id}", body)["recommendations"];
  }

  static bool has(const json& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  }

  temp_dir dir;
  running_daemon daemon;
  json document;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_changes_suite, changes_fixture)

BOOST_AUTO_TEST_CASE(a_hidden_item_is_on_no_list_at_once) {
  const auto before = recommended();
  const std::string best = before[0], second = before[1];
  const auto state = put(best, R"({"hidden": true, "price": 3})");
  BOOST_CHECK(state["attributes"]["hidden"] == true && state["attributes"]["price"] == 3);
  BOOST_CHECK_EQUAL(state["withheld"], "hidden");
  BOOST_CHECK(state["known"] == true && state["kept"] == true);
  // The list that is stored has it still, but not what is read back.
  BOOST_CHECK(has(json::parse(daemon.list_of(user).value()), best));
  const auto stored =
      ask("GET", "/recommendations/" + std::string(user), "/recommendations/{user_id}")["recommendations"];
  BOOST_CHECK_EQUAL(stored.size(), before.size() - 1);
  BOOST_CHECK(!has(stored, best));
  BOOST_CHECK(has(stored, second));
  const auto after = recommended();
  BOOST_CHECK_EQUAL(after.size(), before.size());
  BOOST_CHECK(!has(after, best));
  BOOST_CHECK_EQUAL(after[0], second);
  const auto batch = ask("POST", "/recommend", "/recommend", R"({"users": [")" + std::string(user) + "\"]}");
  BOOST_CHECK_EQUAL(batch["results"][0]["body"]["recommendations"], after);
  BOOST_CHECK_EQUAL(ask("GET", "/items/" + best, "/items/{item_id}")["withheld"], "hidden");
  const auto reset = ask("DELETE", "/items/" + best, "/items/{item_id}");
  BOOST_CHECK(!reset.contains("withheld"));
  BOOST_CHECK_EQUAL(recommended(), before);
}

BOOST_AUTO_TEST_CASE(rank_and_pins_say_which_items_are_withheld) {
  const std::string denied(bookshop()->items[120]), other(bookshop()->items[121]);
  const auto ranked =
      ask("POST", "/rank/" + std::string(user), "/rank/{user_id}", json{{"items", {denied, other}}}.dump());
  BOOST_CHECK_EQUAL(ranked["recommendations"], (json{other}));
  BOOST_CHECK_EQUAL(ranked["withheld"], (json{{{"item_id", denied}, {"reason", "denied"}}}));
  const auto list = ask("POST", "/recommend/" + std::string(user), "/recommend/{user_id}",
                        json{{"pin", {{denied, 1}}}, {"limit", 3}}.dump());
  BOOST_CHECK_EQUAL(list["recommendations"].size(), 3u);
  BOOST_CHECK(!has(list["recommendations"], denied));
  BOOST_CHECK_EQUAL(list["withheld"][0]["reason"], "denied");
}

BOOST_AUTO_TEST_CASE(popular_and_similar_items_leave_withheld_ones_out) {
  const auto popular = ask("GET", "/popular?limit=2", "/popular")["popular"];
  if (!popular.empty()) {
    const std::string most = popular[0]["item_id"];
    put(most, R"({"available_until": "2001-01-01"})");
    BOOST_CHECK_EQUAL(ask("GET", "/popular?limit=2", "/popular")["popular"][0], popular[1]);
  }
  const auto target = "/items/" + std::string(bookshop()->items[0]) + "/similar";
  const auto similar = ask("GET", target, "/items/{item_id}/similar")["similar"];
  const std::string nearest = similar[0]["item_id"], third = similar[2]["item_id"];
  put(nearest, R"({"hidden": true})");
  const auto left = ask("GET", target, "/items/{item_id}/similar")["similar"];
  BOOST_CHECK_EQUAL(left.size(), similar.size());
  BOOST_CHECK_EQUAL(left[0]["item_id"], similar[1]["item_id"]);
  put(third, R"({"colour": "green"})");
  put(nearest, R"({"colour": "green"})");
  const auto green =
      ask("GET", target + "?filter=%7B%22colour%22%3A%22green%22%7D", "/items/{item_id}/similar")["similar"];
  BOOST_REQUIRE_EQUAL(green.size(), 1u);
  BOOST_CHECK_EQUAL(green[0]["item_id"], third);
  ask("GET", target + "?filter=%7B%22color%22%3A1%7D", "/items/{item_id}/similar", {}, 422);
  ask("GET", target + "?filter=green", "/items/{item_id}/similar", {}, 422);
}

BOOST_AUTO_TEST_CASE(filters_and_fields_see_changes_at_once) {
  const std::string item = recommended()[3];
  put(item, R"({"sale": true})");
  const auto body = ask("POST", "/recommend/" + std::string(user), "/recommend/{user_id}",
                        R"({"filter": {"sale": true}, "fields": ["sale"]})");
  BOOST_CHECK_EQUAL(body["items"], (json{{{"item_id", item}, {"sale", true}}}));
  BOOST_CHECK_EQUAL(put(item, R"({"sale": 5})", 422)["message"], "sale: expected true or false, got 5");
  put(item, "[]", 422);
}

BOOST_AUTO_TEST_CASE(the_deny_list_counts_when_it_changes) {
  const std::string best = recommended()[0];
  std::ofstream(dir.path() + "/deny") << best << "\n";
  BOOST_CHECK(wait_until([&] { return !has(recommended(), best); }));
  BOOST_CHECK_EQUAL(daemon.metric("winnow_items_withheld"), 1);
}

BOOST_AUTO_TEST_CASE(an_item_expires_while_the_daemon_runs) {
  const std::string best = recommended()[0];
  const auto soon =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count() +
      2;
  put(best, json{{"available_until", soon}}.dump().c_str());
  BOOST_CHECK(wait_until([&] { return !has(recommended(), best); }));
}

BOOST_AUTO_TEST_CASE(changes_survive_a_crash_of_the_keeper) {
  const std::string best = recommended()[0];
  put(best, R"({"hidden": true})");
  daemon.kill("item_keeper");
  BOOST_CHECK(wait_until(
      [&] { return daemon.http().send("PUT", "/items/" + best, R"({"price": 1})").status == 200; }));
  BOOST_CHECK(!has(recommended(), best));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(open_changes_suite)

BOOST_AUTO_TEST_CASE(changes_need_tokens_where_others_can_reach_the_daemon) {
  http_server_parts parts;
  BOOST_CHECK(parts.changes == change_rights::of_all);
  BOOST_CHECK(rights_to_change({}, true) == change_rights::of_all);
  http_settings http;
  BOOST_CHECK(rights_to_change(http, false) == change_rights::of_none);
  http.host = "127.0.0.1";
  BOOST_CHECK(rights_to_change(http, false) == change_rights::of_local);
  BOOST_CHECK(rights_to_change(http, true) == change_rights::of_named);
  http.tls_certificate = "certificate";
  BOOST_CHECK(rights_to_change(http, true) == change_rights::of_all);
  http.host = "0.0.0.0";
  http.token_file = "tokens";
  BOOST_CHECK(rights_to_change(http, false) == change_rights::of_all);
}

BOOST_AUTO_TEST_CASE(a_page_that_resolves_its_name_to_this_machine_may_not_write) {
  http::request asked;
  asked.from_here = true;
  const auto status = [&](change_rights rights, http_call::kind what) {
    const auto refusal = refuse_change(rights, http_call(what, asked, [](const http::response&) {}));
    return refusal ? refusal->status : 200;
  };
  using kind = http_call::kind;
  const auto writes = {kind::write_profile, kind::erase_profile, kind::write_item, kind::reset_item,
                       kind::erase_user};
  for (const char* host : {"127.0.0.1:8001", "localhost", "[::1]:8001", ""})
    for (const auto what : writes) {
      asked.host = host;
      BOOST_CHECK_EQUAL(status(change_rights::of_named, what), 200u);
      BOOST_CHECK_EQUAL(status(change_rights::of_local, what), 200u);
    }
  asked.host = "evil.example:8001";
  for (const auto what : writes) {
    BOOST_CHECK_EQUAL(status(change_rights::of_named, what), 403u);
    BOOST_CHECK_EQUAL(status(change_rights::of_local, what), 403u);
    BOOST_CHECK_EQUAL(status(change_rights::of_all, what), 200u);
  }
  for (const auto what : {kind::recommend, kind::read_profile, kind::recommend_many, kind::rank})
    BOOST_CHECK_EQUAL(status(change_rights::of_none, what), 200u);
  asked.by_proxy = true; // which passes on the name by which the shop is known
  asked.from_here = false;
  BOOST_CHECK_EQUAL(status(change_rights::of_named, kind::write_profile), 200u);
  BOOST_CHECK_EQUAL(status(change_rights::of_local, kind::erase_user), 403u);
}

BOOST_AUTO_TEST_SUITE_END()
