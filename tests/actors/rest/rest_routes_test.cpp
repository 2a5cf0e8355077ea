#include "actors/rest/rest_routes.hpp"

#include "json_schema.hpp"
#include "models/explanation.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const char* const user = "A8SZ6INK77SAY";

/// A daemon with one profile, and its OpenAPI document.
struct api_fixture {
  api_fixture() {
    daemon.write(user, history_json(7));
    daemon.wait_for_list(user);
    document = json::parse(daemon.http().get("/openapi.json").body);
  }

  /// Checks that the document lists this answer for the operation. Returns the body.
  json check(const std::string& method, const std::string& path, const http_answer& answer) const {
    BOOST_TEST_CONTEXT(method << " " << path << " -> " << answer.status << " " << answer.body) {
      const auto& operation = document["paths"].at(path).at(method);
      const auto status = std::to_string(answer.status);
      BOOST_CHECK_MESSAGE(operation["responses"].contains(status), "the status is not documented");
      const auto& promised = operation["responses"].value(status, json::object());
      const auto type = answer.header("Content-Type");
      const auto& content = promised["content"];
      BOOST_REQUIRE_MESSAGE(content.contains(type.substr(0, type.find(';'))),
                            "the media type is not documented: " << type);
      if (type != "application/json")
        return answer.body;
      const auto body = json::parse(answer.body);
      BOOST_CHECK_EQUAL(misfit(body, content[type]["schema"], document), "");
      return body;
    }
    return {};
  }

  json recommend(const std::string& target, unsigned status, const http_headers& headers = {}) const {
    const auto answer = daemon.http().post(target, {}, headers);
    BOOST_CHECK_EQUAL(answer.status, status);
    return check("post", "/recommend/{user_id}", answer);
  }

  running_daemon daemon;
  json document;
};

std::shared_ptr<const http::router> routes(bool profile_writes) {
  return make_routes(
      std::make_shared<health_board>(), [](const http_call_ptr&) {}, profile_writes);
}

/// The OpenAPI document of routes.
json document_of(const http::router& table) {
  std::string text;
  for (const auto& route : table.routes())
    if (route.pattern == "/openapi.json")
      route.handle({}, http::responder([&](const http::response& answer) { text = answer.body; }));
  return json::parse(text);
}

/// A body that the route answers with 200.
std::string body_for(const std::string& path) {
  if (path == "/recommend/{user_id}")
    return "{}";
  if (path == "/recommend")
    return R"({"history":)" + history_json(3) + "}";
  if (path == "/rank/{user_id}")
    return R"({"items":)" + history_json(3) + "}";
  if (path == "/items/{item_id}")
    return R"({"price":5})";
  return history_json(3);
}

std::set<std::string> names_of(const http::router& table) {
  std::set<std::string> names;
  for (const auto& route : table.routes())
    names.insert(route.method + " " + route.pattern);
  return names;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  if (const auto at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), by);
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_api_suite)

BOOST_AUTO_TEST_CASE(has_exactly_the_routes_of_the_contract) {
  const std::set<std::string> always{"GET /health",
                                     "GET /livez",
                                     "GET /readyz",
                                     "POST /recommend",
                                     "POST /recommend/{user_id}",
                                     "POST /rank/{user_id}",
                                     "GET /items/{item_id}",
                                     "PUT /items/{item_id}",
                                     "DELETE /items/{item_id}",
                                     "DELETE /users/{user_id}",
                                     "GET /popular",
                                     "GET /recommendations/{user_id}",
                                     "GET /items/{item_id}/similar",
                                     "GET /metrics",
                                     "GET /metrics-json",
                                     "GET /openapi.json",
                                     "GET /redoc",
                                     "GET /docs"};
  BOOST_CHECK(names_of(*routes(false)) == always);
  auto embedded = always;
  for (const char* method : {"GET", "PUT", "DELETE"})
    embedded.insert(std::string(method) + " /profiles/{user_id}");
  BOOST_CHECK(names_of(*routes(true)) == embedded);
}

BOOST_AUTO_TEST_CASE(documents_which_bodies_are_needed) {
  std::map<std::string, bool> documented;
  const auto document = document_of(*routes(true)); // outlives the loop
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items())
      if (operation.contains("requestBody"))
        documented[method + " " + path] = operation["requestBody"]["required"];
  BOOST_CHECK((documented == std::map<std::string, bool>{{"post /recommend/{user_id}", false},
                                                         {"post /recommend", true},
                                                         {"post /rank/{user_id}", true},
                                                         {"put /items/{item_id}", true},
                                                         {"put /profiles/{user_id}", true}}));
}

BOOST_AUTO_TEST_CASE(documents_the_media_type_of_each_answer) {
  const auto document = document_of(*routes(true)); // outlives the loop
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items())
      for (const auto& [status, answer] : operation["responses"].items())
        BOOST_TEST(!answer.value("content", json::object()).contains(""),
                   method << " " << path << " " << status);
}

BOOST_AUTO_TEST_CASE(documents_all_members_of_bodies) {
  const auto schemas = document_of(*routes(true))["components"]["schemas"];
  const auto members = [](const json& schema) {
    std::set<std::string> names;
    for (const auto& [name, member] : schema["properties"].items())
      names.insert(name);
    return names;
  };
  const auto with = [&](std::set<std::string> more) {
    more.merge(members(schemas["ListQuery"]));
    return more;
  };
  const auto& batch = schemas["BatchQuery"];
  const auto& entry = batch["properties"]["users"]["items"]["oneOf"][1];
  BOOST_CHECK(members(schemas["RankQuery"]) == with({"items"}));
  BOOST_CHECK(members(batch) == with({"users", "user_id"}));
  BOOST_CHECK(members(entry) == with({"user_id"}));
  for (const auto& schema : {schemas["ListQuery"], schemas["RankQuery"], batch, entry})
    BOOST_CHECK_EQUAL(schema["additionalProperties"], false);
}

BOOST_FIXTURE_TEST_CASE(documents_exactly_the_existing_routes, api_fixture) {
  std::set<std::string> documented;
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items()) {
      std::string upper = method;
      std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return std::toupper(c); });
      documented.insert(upper + " " + path);
    }
  BOOST_CHECK(documented == names_of(*routes(true)));
}

BOOST_FIXTURE_TEST_CASE(answers_every_route_as_documented, api_fixture) {
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items()) {
      std::string upper = method;
      std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return std::toupper(c); });
      const auto target =
          replaced(replaced(path, "{user_id}", user), "{item_id}", std::string(bookshop()->items[0]));
      const auto answer =
          daemon.http().send(upper, target, operation.contains("requestBody") ? body_for(path) : "");
      BOOST_CHECK_EQUAL(answer.status, 200);
      check(method, path, answer);
      if (method == "delete") // for the operations that follow
        daemon.write(user, history_json(7));
    }
}

BOOST_FIXTURE_TEST_CASE(refuses_as_documented, api_fixture) {
  daemon.write("broken", "{}");
  recommend("/recommend/nobody", 404);
  recommend("/recommend/broken", 422);
  recommend("/recommend/" + std::string(user) + "?wait=perhaps", 400);
  recommend("/recommend/" + std::string(user) + "?scores=2", 400);
  recommend("/recommend/" + std::string(user) + "?explain=why", 400);
  const auto no_list = daemon.http().get("/recommendations/nobody");
  BOOST_CHECK_EQUAL(no_list.status, 404);
  BOOST_CHECK_EQUAL(no_list.body, R"({"status":"error","message":"No recommendations found"})");
  check("get", "/recommendations/{user_id}", no_list);
  check("get", "/profiles/{user_id}", daemon.http().get("/profiles/nobody"));
  const auto no_array = daemon.http().put("/profiles/u", R"({"a":1})");
  BOOST_CHECK_EQUAL(no_array.status, 422);
  check("put", "/profiles/{user_id}", no_array);
  daemon.store().go_away();
  const auto away = daemon.http().get("/recommendations/" + std::string(user));
  BOOST_CHECK_EQUAL(away.status, 503);
  BOOST_CHECK(!away.header("Retry-After").empty());
  check("get", "/recommendations/{user_id}", away);
  recommend("/recommend/" + std::string(user), 503);
  check("get", "/health", daemon.http().get("/health"));
  check("get", "/readyz", daemon.http().get("/readyz"));
  check("get", "/metrics", daemon.http().get("/metrics"));
}

BOOST_FIXTURE_TEST_CASE(answers_with_the_list_of_the_three_stages, api_fixture) {
  const auto body = recommend("/recommend/" + std::string(user), 200);
  const auto expected = run_cascade(user, history(7));
  json ids = json::array();
  for (const auto item : items_of(expected.ranknet, 20))
    ids.push_back(std::string(bookshop()->items[item]));
  BOOST_CHECK_EQUAL(body["recommendations"], ids);
  BOOST_CHECK_EQUAL(body["user_id"], user);
  BOOST_CHECK_EQUAL(body["source"], "personalised");
  BOOST_CHECK_EQUAL(body["model_version"], bookshop()->version);
  BOOST_CHECK(!body.contains("scores"));
  BOOST_CHECK(!body.contains("degraded"));
  const auto stored = daemon.http().get("/recommendations/" + std::string(user));
  BOOST_CHECK_EQUAL(json::parse(stored.body)["recommendations"], ids);
}

BOOST_FIXTURE_TEST_CASE(adds_the_scores_of_every_stage_on_request, api_fixture) {
  const auto body = recommend("/recommend/" + std::string(user) + "?scores=true", 200);
  const auto expected = run_cascade(user, history(7));
  BOOST_REQUIRE_EQUAL(body["scores"].size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) {
    const auto& scores = body["scores"][i];
    BOOST_CHECK_EQUAL(scores["item_id"], body["recommendations"][i]);
    BOOST_CHECK(scores["din"] > 0 && scores["din"] < 1);
    BOOST_CHECK_EQUAL(scores["ranknet"].get<float>(), expected.ranknet.items[i].score);
    BOOST_CHECK(scores.contains("lightgcn"));
  }
}

BOOST_FIXTURE_TEST_CASE(adds_the_reason_for_each_item_on_request, api_fixture) {
  auto items = history(7);
  items.insert(items.begin() + 3, "a book that the catalogue lacks");
  daemon.write("reader", to_json(std::vector<std::string_view>(items.begin(), items.end())));
  const auto body = recommend("/recommend/reader?explain=true", 200);
  const auto resolved = resolve_user(*bookshop(), "reader", items);
  const auto list = items_of(run_cascade("reader", items).ranknet, 20);
  din_model::scratch work;
  const auto expected = explain(*bookshop(), resolved, list, work);
  BOOST_REQUIRE_EQUAL(body["because"].size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) {
    const auto& reason = body["because"][i];
    BOOST_CHECK_EQUAL(reason["item"], body["recommendations"][i]);
    BOOST_CHECK_EQUAL(reason["history_item"], items[expected[i].position]);
    BOOST_CHECK_EQUAL(reason["weight"].get<float>(), expected[i].weight);
    BOOST_CHECK(reason["weight"] > 0 && reason["weight"] <= 1);
  }
  BOOST_CHECK(!recommend("/recommend/reader", 200).contains("because"));
  BOOST_CHECK(!recommend("/recommend/reader?explain=false", 200).contains("because"));
}

BOOST_FIXTURE_TEST_CASE(gives_no_reasons_to_a_user_without_a_history, api_fixture) {
  daemon.write("new", "[]");
  const auto body = recommend("/recommend/new?explain=true", 200);
  BOOST_CHECK_EQUAL(body["recommendations"].size(), 20u);
  BOOST_CHECK_EQUAL(body["because"], json::array());
}

BOOST_FIXTURE_TEST_CASE(documents_every_parameter, api_fixture) {
  std::set<std::string> documented;
  for (const auto& parameter : document["paths"]["/recommend/{user_id}"]["post"]["parameters"])
    documented.insert(parameter["name"].get<std::string>());
  BOOST_CHECK((documented == std::set<std::string>{"user_id", "wait", "scores", "explain", "placement",
                                                   "Prefer", "traceparent", "tracestate"}));
}

BOOST_FIXTURE_TEST_CASE(accepts_requests_that_do_not_wait_for_the_list, api_fixture) {
  const std::string target = "/recommend/" + std::string(user);
  const auto waited = daemon.http().post(target + "?wait=false");
  BOOST_CHECK_EQUAL(waited.status, 202);
  check("post", "/recommend/{user_id}", waited);
  const auto preferred = daemon.http().post(target, {}, {{"Prefer", "respond-async"}});
  BOOST_CHECK_EQUAL(preferred.status, 202);
  BOOST_CHECK_EQUAL(preferred.header("Preference-Applied"), "respond-async");
  check("post", "/recommend/{user_id}", preferred);
  // The poller has nothing to compute, so the two requests are the cause.
  BOOST_CHECK(wait_until([&] {
    const auto text = daemon.http().get("/metrics", {{"Accept", "text/plain"}}).body;
    return text.find("winnow_recommender_requests_total{origin=\"http\",outcome=\"ok\"} 2\n") !=
           std::string::npos;
  }));
}

BOOST_FIXTURE_TEST_CASE(computes_lists_for_profiles_written_over_http, api_fixture) {
  BOOST_CHECK_EQUAL(daemon.http().put("/profiles/web%20shop%2F%c3%a4", history_json(4)).status, 200);
  daemon.wait_for_list("web shop/ä");
  BOOST_CHECK_EQUAL(daemon.http().get("/profiles/web%20shop%2F%C3%A4").body, history_json(4));
  BOOST_CHECK_EQUAL(daemon.http().erase("/profiles/web%20shop%2F%C3%A4").status, 200);
  BOOST_CHECK_EQUAL(daemon.http().post("/recommend/web%20shop%2F%C3%A4").status, 404);
}

BOOST_FIXTURE_TEST_CASE(an_id_with_a_timestamp_names_that_users_profile, api_fixture) {
  BOOST_CHECK_EQUAL(daemon.http().put("/profiles/timed:1700000000", history_json(4)).status, 200);
  daemon.wait_for_list("timed");
  BOOST_CHECK_EQUAL(daemon.http().get("/profiles/timed:1700000000").body, history_json(4));
  BOOST_CHECK_EQUAL(daemon.http().put("/profiles/timed", history_json(5)).status, 200);
  BOOST_CHECK_EQUAL(daemon.http().erase("/profiles/timed:1700000000").status, 200);
  BOOST_CHECK_EQUAL(daemon.http().get("/profiles/timed:1700000000").status, 404);
  BOOST_CHECK_EQUAL(daemon.http().get("/profiles/timed").body, history_json(5));
}

BOOST_FIXTURE_TEST_CASE(an_id_with_a_timestamp_names_the_list_of_that_profile, api_fixture) {
  const auto& http = daemon.http();
  http.put("/profiles/timed:1700000001", history_json(4));
  http.put("/profiles/timed:1700000002", history_json(7));
  const auto newest = recommend("/recommend/timed:1700000002", 200);
  BOOST_CHECK_EQUAL(newest["user_id"], "timed:1700000002");
  const auto older = recommend("/recommend/timed:1700000001", 200)["recommendations"];
  BOOST_CHECK_NE(older, newest["recommendations"]);
  const auto read = http.get("/recommendations/timed:1700000001");
  BOOST_CHECK_EQUAL(check("get", "/recommendations/{user_id}", read)["recommendations"], older);
  BOOST_CHECK(wait_until([&] { return daemon.list_of("timed") == newest["recommendations"].dump(); }));
  recommend("/recommend/timed:1700000003", 404);
  const auto many = http.post("/recommend", R"({"users":["timed:1700000001","timed:1700000003"]})");
  const auto results = json::parse(many.body)["results"];
  BOOST_CHECK_EQUAL(results[0]["body"]["recommendations"], older);
  BOOST_CHECK_EQUAL(results[1]["status"], 404);
  for (const auto* time : {"1700000001", "1700000002", "1700000003"})
    BOOST_CHECK(!daemon.list_of(std::string("timed:") + time));
}

BOOST_FIXTURE_TEST_CASE(a_profile_counts_as_soon_as_it_was_written_over_http, api_fixture) {
  const auto& http = daemon.http();
  for (const auto& [path, length] : {std::pair("timed:1700000001", 4), std::pair("timed:1700000002", 7),
                                     std::pair("timed:1700000000", 3)}) {
    BOOST_CHECK_EQUAL(http.put("/profiles/" + std::string(path), history_json(length)).status, 200);
    BOOST_CHECK_EQUAL(http.post("/recommend/timed").status, 200);
  }
  const auto list = recommend("/recommend/timed", 200);
  BOOST_CHECK_EQUAL(list["recommendations"],
                    recommend("/recommend/timed:1700000002", 200)["recommendations"]);
}

BOOST_FIXTURE_TEST_CASE(that_a_users_profiles_are_gone_is_certain_as_soon_as_they_were_removed, api_fixture) {
  const auto& http = daemon.http();
  for (const char* path : {"timed:1700000001", "timed:1700000002"})
    http.put("/profiles/" + std::string(path), history_json(4));
  daemon.wait_for_list("timed");
  BOOST_CHECK_EQUAL(http.erase("/profiles/timed").status, 200);
  BOOST_CHECK_EQUAL(http.get("/recommendations/timed").status, 404);
  BOOST_CHECK_EQUAL(http.post("/recommend/timed").status, 404);
  http.put("/profiles/timed", history_json(3));
  BOOST_CHECK_EQUAL(http.post("/recommend/timed").status, 200);
}

BOOST_AUTO_TEST_CASE(lists_of_profiles_that_clients_remove_stay_if_the_settings_say_so) {
  auto options = running_daemon::usual_settings();
  options.poller.keep_lists = true;
  running_daemon daemon(options);
  daemon.http().put("/profiles/u", history_json(4));
  const auto list = daemon.wait_for_list("u");
  BOOST_CHECK_EQUAL(daemon.http().erase("/profiles/u").status, 200);
  BOOST_CHECK_EQUAL(daemon.list_of("u").value_or("none"), list);
}

BOOST_FIXTURE_TEST_CASE(an_id_alone_names_the_users_newest_profile, api_fixture) {
  const auto& http = daemon.http();
  for (const auto& [path, length] : {std::pair("timed", 3), std::pair("timed:1700000002", 5),
                                     std::pair("timed:1700000001000", 4), std::pair("timed:b:1700000009", 6)})
    BOOST_CHECK_EQUAL(http.put("/profiles/" + std::string(path), history_json(length)).status, 200);
  daemon.wait_for_list("timed:b");
  BOOST_CHECK(wait_until([&] { return http.get("/profiles/timed").body == history_json(5); }));
  BOOST_CHECK_EQUAL(http.erase("/profiles/timed:1700000002").status, 200);
  BOOST_CHECK(wait_until([&] { return http.get("/profiles/timed").body == history_json(4); }));
  check("get", "/profiles/{user_id}", http.get("/profiles/timed"));
}

BOOST_FIXTURE_TEST_CASE(removing_a_users_profile_removes_those_of_all_times, api_fixture) {
  const auto& http = daemon.http();
  for (const char* path : {"timed", "timed:1700000001", "timed:1700000002", "timed:b", "timed:b:1700000009"})
    BOOST_CHECK_EQUAL(http.put("/profiles/" + std::string(path), history_json(4)).status, 200);
  daemon.wait_for_list("timed");
  daemon.wait_for_list("timed:b");
  const auto erased = http.erase("/profiles/timed");
  BOOST_CHECK_EQUAL(erased.status, 200);
  check("delete", "/profiles/{user_id}", erased);
  for (const char* path : {"timed", "timed:1700000001", "timed:1700000002"})
    BOOST_CHECK_EQUAL(http.get("/profiles/" + std::string(path)).status, 404);
  BOOST_CHECK(wait_until([&] { return http.get("/recommendations/timed").status == 404; }));
  BOOST_CHECK(wait_until([&] { return http.post("/recommend/timed").status == 404; }));
  for (const char* path : {"timed:b", "timed:b:1700000009"})
    BOOST_CHECK_EQUAL(http.get("/profiles/" + std::string(path)).status, 200);
  BOOST_CHECK_EQUAL(http.erase("/profiles/timed").status, 200);
}

BOOST_FIXTURE_TEST_CASE(a_store_that_is_away_removes_no_profiles, api_fixture) {
  daemon.store().go_away();
  const std::string path = "/profiles/{user_id}";
  for (const auto& [method, answer] : {std::pair("delete", daemon.http().erase("/profiles/timed")),
                                       std::pair("get", daemon.http().get("/profiles/timed")),
                                       std::pair("put", daemon.http().put("/profiles/timed", "[]"))}) {
    BOOST_CHECK_EQUAL(answer.status, 503);
    check(method, path, answer);
  }
}

BOOST_FIXTURE_TEST_CASE(a_profile_of_numbers_is_returned_as_it_came, api_fixture) {
  const std::string numbers = R"(["0764227971", 990351408, 1.50])";
  BOOST_CHECK_EQUAL(daemon.http().put("/profiles/numbers", numbers).status, 200);
  const auto profile = daemon.http().get("/profiles/numbers");
  BOOST_CHECK_EQUAL(profile.body, numbers);
  check("get", "/profiles/{user_id}", profile);
}

BOOST_FIXTURE_TEST_CASE(handles_head_unknown_paths_and_wrong_methods, api_fixture) {
  for (const char* target : {"/health", "/metrics", "/openapi.json", "/docs"}) {
    const auto head = daemon.http().send("HEAD", target);
    BOOST_CHECK_EQUAL(head.status, 200);
    BOOST_CHECK_EQUAL(head.body, "");
    BOOST_CHECK_EQUAL(head.header("Content-Type"), daemon.http().get(target).header("Content-Type"));
  }
  const auto missing = daemon.http().get("/recommended");
  BOOST_CHECK_EQUAL(missing.status, 404);
  BOOST_CHECK_EQUAL(json::parse(missing.body)["status"], "error");
  const auto wrong = daemon.http().get("/recommend/" + std::string(user));
  BOOST_CHECK_EQUAL(wrong.status, 405);
  BOOST_CHECK_EQUAL(wrong.header("Allow"), "OPTIONS, POST");
  BOOST_CHECK_EQUAL(json::parse(wrong.body)["status"], "error");
}

BOOST_FIXTURE_TEST_CASE(reports_health_like_the_service_that_it_replaces, api_fixture) {
  BOOST_CHECK_EQUAL(daemon.http().get("/health").body, R"({"status":"healthy","model_loaded":true})");
  BOOST_CHECK_EQUAL(daemon.http().get("/livez").status, 200);
  BOOST_CHECK_EQUAL(daemon.http().get("/readyz").body, R"({"status":"ready","reasons":[]})");
}

BOOST_FIXTURE_TEST_CASE(renders_the_metrics_in_two_forms, api_fixture) {
  const auto counts = json::parse(daemon.http().get("/metrics").body);
  BOOST_CHECK_EQUAL(counts["redis_keys"], 2);
  BOOST_CHECK_EQUAL(counts["user_profiles"], 1);
  BOOST_CHECK_EQUAL(counts["recommendations"], 1);
  const auto text = daemon.http().get("/metrics", {{"Accept", "text/plain;version=0.0.4"}});
  BOOST_CHECK_EQUAL(text.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  BOOST_CHECK(text.body.find("\nwinnow_poller_profiles_changed_total 1\n") != std::string::npos);
  const char* const refused = R"(winnow_http_requests_total{code="503",route="/recommend/{user_id}"} 0)";
  BOOST_CHECK_MESSAGE(text.body.find(refused) != std::string::npos, text.body);
  check("get", "/metrics", text);
  BOOST_CHECK(text.body.find("model_inference") == std::string::npos);
  const auto always = daemon.http().get("/metrics-json", {{"Accept", "text/plain"}});
  BOOST_CHECK_EQUAL(json::parse(always.body)["redis_keys"], 2);
  check("get", "/metrics-json", always);
}

BOOST_AUTO_TEST_CASE(counts_lists_that_are_refused_for_their_long_bodies) {
  auto options = running_daemon::usual_settings();
  options.pipeline.deadline = std::chrono::milliseconds(0); // over before a long body has its turn
  running_daemon daemon(options);
  const auto body = std::string(40'000, ' ') + R"({"limit": 5})";
  for (const char* target : {"/recommend/anna", "/rank/anna", "/recommend"})
    BOOST_CHECK_EQUAL(daemon.http().post(target, body).status, 503);
  BOOST_CHECK_EQUAL(daemon.http().put("/profiles/anna", std::string(40'000, ' ') + "[]").status, 503);
  const auto text = daemon.http().get("/metrics", {{"Accept", "text/plain"}}).body;
  BOOST_CHECK(text.find("winnow_recommender_requests_total{origin=\"http\",outcome=\"overloaded\"} 3\n") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_metrics_do_not_repeat_what_the_store_says_of_itself) {
  running_daemon daemon(running_daemon::usual_settings());
  daemon.store().go_away();
  BOOST_CHECK(wait_until([&] {
    const auto body = json::parse(daemon.http().get("/metrics").body);
    return body.value("store_error", "") == "the profile store is not connected, or answers too late";
  }));
}

BOOST_AUTO_TEST_CASE(has_the_old_metrics_if_asked_for) {
  auto options = running_daemon::usual_settings();
  options.http.legacy_metrics = true;
  running_daemon daemon(options);
  const auto text = [&] { return daemon.http().get("/metrics", {{"Accept", "text/plain"}}).body; };
  BOOST_CHECK(text().find("\nmodel_inference_total ") != std::string::npos);
  BOOST_CHECK(wait_until([&] { return text().find("\nredis_keys_count 0\n") != std::string::npos; }));
  auto models = std::make_shared<model_set>(*bookshop());
  models->version = "0123456789abcdef";
  models->widths.ranknet_keep = 7;
  caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(models));
  BOOST_CHECK(
      wait_until([&] { return text().find("\nrecommendation_items_count 7\n") != std::string::npos; }));
}

BOOST_AUTO_TEST_SUITE_END()
