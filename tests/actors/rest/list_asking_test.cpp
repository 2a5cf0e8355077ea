#include "actors/rest/list_asking.hpp"

#include "json_schema.hpp"
#include "models/model_set.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"
#include "tests/models/fixtures.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

const char* const user = "A8SZ6INK77SAY";

/// The bookshop with attributes: prices count up, every third item is out of stock.
model_set_ptr shop_with_attributes() {
  auto models = std::make_shared<model_set>(*bookshop());
  const temporary_directory dir;
  const auto file = dir.path() / "items.csv";
  std::ofstream rows(file);
  rows << "item_id,title,price,in_stock\n";
  for (std::uint32_t item = 0; item < models->items.size(); ++item)
    rows << models->items[item] << ",Title " << item << "," << item << ","
         << (item % 3 != 0 ? "true" : "false") << "\n";
  rows.close();
  models->home = models->directory = dir.path(); // where the daemon looks for a newer items file
  models->attributes = load_attributes(file, models->items.trained()).value();
  return models;
}

/// On a slow machine, tasks may wait: that is no overload here.
settings patient_settings() {
  auto options = running_daemon::usual_settings();
  options.pipeline.max_queue_age = options.pipeline.deadline;
  return options;
}

struct asking_fixture {
  asking_fixture() : daemon(patient_settings(), {}, shop_with_attributes()) {
    daemon.write(user, history_json(7));
    stored = daemon.wait_for_list(user);
    document = json::parse(daemon.http().get("/openapi.json").body);
  }

  http_answer send(const std::string& target, const std::string& body,
                   const http_headers& headers = {{"Content-Type", "application/json"}}) const {
    return daemon.http().post(target, body, headers);
  }

  json post(const std::string& target, const std::string& path, const std::string& body,
            unsigned status = 200,
            const http_headers& headers = {{"Content-Type", "application/json"}}) const {
    return checked(send(target, body, headers), path, status);
  }

  /// Checks the status and that the answer is as documented. Returns the body.
  json checked(const http_answer& answer, const std::string& path, unsigned status = 200) const {
    BOOST_TEST_CONTEXT(path << " -> " << answer.status << " " << answer.body) {
      BOOST_CHECK_EQUAL(answer.status, status);
      const auto parsed = json::parse(answer.body);
      const auto& promised = document["paths"].at(path)["post"]["responses"];
      BOOST_REQUIRE(promised.contains(std::to_string(answer.status)));
      const auto& schema = promised[std::to_string(answer.status)]["content"]["application/json"]["schema"];
      BOOST_CHECK_EQUAL(misfit(parsed, schema, document), "");
      return parsed;
    }
    return {};
  }

  json recommend(const std::string& body, unsigned status = 200) const {
    return post("/recommend/" + std::string(user), "/recommend/{user_id}", body, status);
  }

  json many(const std::string& body, unsigned status = 200) const {
    return post("/recommend", "/recommend", body, status);
  }

  running_daemon daemon;
  std::string stored;
  json document;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(list_asking_suite, asking_fixture)

BOOST_AUTO_TEST_CASE(a_filtered_list_is_computed_and_not_stored) {
  const auto body = recommend(R"({"filter": {"in_stock": true}, "limit": 5, "fields": ["price", "title"]})");
  BOOST_CHECK_EQUAL(body["message"], "Recommendations computed");
  BOOST_REQUIRE_EQUAL(body["recommendations"].size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    BOOST_CHECK_EQUAL(body["items"][i]["item_id"], body["recommendations"][i]);
    BOOST_CHECK_NE(body["items"][i]["price"].get<int>() % 3, 0);
    BOOST_CHECK(!body["items"][i].contains("in_stock"));
  }
  BOOST_CHECK(!body.contains("shortage"));
  BOOST_CHECK_EQUAL(daemon.list_of(user).value(), stored);
}

BOOST_AUTO_TEST_CASE(a_body_that_only_asks_to_tell_more_stores_the_plain_list) {
  const auto body = recommend(R"({"scores": true, "explain": true, "fields": ["title"]})");
  BOOST_CHECK_EQUAL(body["message"], "Recommendations computed and stored");
  BOOST_CHECK_EQUAL(body["recommendations"], json::parse(stored));
  BOOST_CHECK_EQUAL(body["scores"].size(), 20u);
  BOOST_CHECK_EQUAL(body["because"].size(), 20u);
  BOOST_CHECK_EQUAL(body["items"].size(), 20u);
}

BOOST_AUTO_TEST_CASE(bodies_that_old_clients_send_are_ignored) {
  const auto body = post("/recommend/" + std::string(user), "/recommend/{user_id}", "limit=5", 200,
                         {{"Content-Type", "application/x-www-form-urlencoded"}});
  BOOST_CHECK_EQUAL(body["recommendations"], json::parse(stored));
  const auto repeated = R"({"user_id": ")" + std::string(user) + R"("})";
  for (const auto& none : std::vector<std::string>{"null", " null\n", repeated})
    BOOST_CHECK_EQUAL(recommend(none)["message"], "Recommendations computed and stored");
}

BOOST_AUTO_TEST_CASE(the_user_of_the_path_may_be_repeated_and_no_other) {
  const auto body = recommend(R"({"user_id": ")" + std::string(user) + R"(", "limit": 3})");
  BOOST_CHECK_EQUAL(body["recommendations"].size(), 3u);
  BOOST_CHECK_EQUAL(recommend(R"({"user_id": "another"})", 422)["message"],
                    "user_id: expected that of the path, or none, got \"another\"");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_422_and_says_what) {
  BOOST_CHECK_EQUAL(recommend(R"({"limt": 5})", 422)["message"],
                    "unknown member \"limt\"; did you mean limit?");
  BOOST_CHECK_EQUAL(recommend("[]", 422)["message"], "body: expected an object, got []");
  BOOST_CHECK_EQUAL(recommend(R"({"filter": {"prize": 1}})", 422)["message"],
                    "filter: the items have no attribute \"prize\"; did you mean price?");
  BOOST_CHECK_EQUAL(many(R"({"users": []})", 422)["message"],
                    "users: expected an array of 1 to 200 users, got 0");
  const std::string twice = "body: expected each member once, got \"limit\" twice";
  BOOST_CHECK_EQUAL(recommend(R"({"limit": 5, "limit": 6})", 422)["message"], twice);
  BOOST_CHECK_EQUAL(many(R"({"users": [{"user_id": "a", "limit": 5, "limit": 6}]})", 422)["message"], twice);
}

BOOST_AUTO_TEST_CASE(brackets_alone_are_refused_and_end_nothing) {
  const auto brackets = std::string(400'000, '[') + std::string(400'000, ']');
  const std::string expected = "body: expected JSON of at most 100 levels, got more";
  for (const char* member : {"context", "limit", "filter", "pin"})
    BOOST_CHECK_EQUAL(recommend("{\"" + std::string(member) + "\": " + brackets + "}", 422)["message"],
                      expected);
  BOOST_CHECK_EQUAL(many(R"({"users": )" + brackets + "}", 422)["message"], expected);
  BOOST_CHECK_EQUAL(recommend("{}")["user_id"], user);
}

BOOST_AUTO_TEST_CASE(what_is_long_is_shown_short) {
  const auto text = '"' + std::string(100'000, 'x') + '"';
  const auto results = many(R"({"users": [[)" + text + R"(], {"user_id": [)" + text + "]}]}")["results"];
  for (const auto& one : results)
    BOOST_CHECK_LT(one["body"]["message"].get<std::string>().size(), 200u);
}

BOOST_AUTO_TEST_CASE(needed_bodies_may_be_of_any_type_and_are_missed_by_name) {
  const http_headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  post("/recommend", "/recommend", R"({"history": []})", 200, form);
  const auto rank = "/rank/" + std::string(user);
  const json items{{"items", {std::string(bookshop()->items[3])}}};
  post(rank, "/rank/{user_id}", items.dump(), 200, form);
  const std::string expected = "body: expected a JSON object, got text that is no JSON";
  BOOST_CHECK_EQUAL(post("/recommend", "/recommend", "", 422)["message"], expected);
  BOOST_CHECK_EQUAL(post(rank, "/rank/{user_id}", "", 422)["message"], expected);
}

BOOST_AUTO_TEST_CASE(a_body_that_names_one_user_is_answered_as_for_that_user) {
  const auto body = many(R"({"user_id": ")" + std::string(user) + R"("})");
  BOOST_CHECK_EQUAL(body["user_id"], user);
  BOOST_CHECK_EQUAL(body["message"], "Recommendations computed and stored");
  BOOST_CHECK_EQUAL(body["recommendations"], json::parse(stored));
  many(R"({"user_id": "nobody"})", 404);
  many(R"({"user_id": "a", "users": ["b"]})", 422);
  daemon.write("broken", "{}");
  many(R"({"user_id": "broken"})", 422);
}

BOOST_AUTO_TEST_CASE(a_session_is_served_from_its_history) {
  const auto history = json::parse(history_json(7)).dump();
  const auto body = many(R"({"history": )" + history + R"(, "limit": 4})");
  BOOST_CHECK(!body.contains("user_id"));
  BOOST_CHECK_EQUAL(body["recommendations"].size(), 4u);
  BOOST_CHECK_EQUAL(body["source"], "history_mean");
}

BOOST_AUTO_TEST_CASE(a_batch_is_answered_in_order_and_wrong_entries_fail_alone) {
  const auto body =
      many(R"({"users": [")" + std::string(user) +
           R"(", "nobody", {"history": ["unknown"], "limit": 2}, {"limit": 3}, 7], "limit": 6})");
  const auto& results = body["results"];
  BOOST_REQUIRE_EQUAL(results.size(), 5u);
  BOOST_CHECK_EQUAL(results[0]["status"], 200);
  BOOST_CHECK_EQUAL(results[0]["body"]["user_id"], user);
  BOOST_CHECK_EQUAL(results[0]["body"]["recommendations"].size(), 6u);
  BOOST_CHECK_EQUAL(results[1]["status"], 404);
  BOOST_CHECK_EQUAL(results[2]["body"]["recommendations"].size(), 2u);
  BOOST_CHECK_EQUAL(results[2]["body"]["source"], "popular");
  BOOST_CHECK_EQUAL(results[3]["status"], 422);
  BOOST_CHECK_EQUAL(results[3]["body"]["message"], "users: expected a user_id or a history, got neither");
  BOOST_CHECK_EQUAL(results[4]["status"], 422);
}

BOOST_AUTO_TEST_CASE(a_large_batch_is_computed_in_parts_and_others_pass_it) {
  json users = json::array();
  for (int i = 0; i < 200; ++i)
    users.push_back({{"user_id", user}, {"limit", 1 + i % 20}});
  const auto most = running_daemon::usual_settings().pipeline.max_batch;
  BOOST_REQUIRE(wait_until([&] { return daemon.health().in_flight == 0; }));
  daemon.store().hang();
  // Checks are made on this thread alone: Boost.Test notes on each where it was.
  auto batch = std::async(std::launch::async, [&] {
    return send("/recommend", json{{"users", users}}.dump());
  });
  BOOST_CHECK(wait_until([&] { return daemon.health().in_flight == most; }));
  auto single = std::async(std::launch::async, [&] { return send("/recommend/" + std::string(user), "{}"); });
  BOOST_CHECK(wait_until([&] { return daemon.health().in_flight == most + 1; }));
  daemon.store().go_on();
  BOOST_CHECK_EQUAL(checked(single.get(), "/recommend/{user_id}")["user_id"], user);
  auto results = checked(batch.get(), "/recommend")["results"];
  BOOST_REQUIRE_EQUAL(results.size(), 200u);
  for (std::size_t i = 0; i < results.size(); ++i)
    BOOST_CHECK_MESSAGE(results[i]["body"]["recommendations"].size() == 1 + i % 20, i << ": " << results[i]);
  BOOST_CHECK(wait_until([&] { return daemon.health().in_flight == 0; }));
}

BOOST_AUTO_TEST_CASE(a_batch_that_cannot_be_served_is_refused_as_a_whole) {
  daemon.store().go_away();
  BOOST_REQUIRE(wait_until([&] { return !daemon.health().store_connected; }));
  for (const std::string body : {R"({"users": ["anna", "ben"]})", R"({"history": ["a"]})"})
    BOOST_CHECK_EQUAL(many(body, 503)["message"], "the profile store is not connected");
  BOOST_CHECK_EQUAL(
      post("/rank/" + std::string(user), "/rank/{user_id}", R"({"items": ["a"]})", 503)["message"],
      "the profile store is not connected");
}

BOOST_AUTO_TEST_CASE(long_bodies_take_turns_and_are_answered) {
  const auto body = R"({"history": )" + json::parse(history_json(7)).dump() +
                    R"(, "limit": 4, "exclude": [")" + std::string(40'000, 'x') + "\"]}";
  const auto expected = many(body)["recommendations"];
  std::vector<std::future<http_answer>> others;
  for (int i = 0; i < 4; ++i)
    others.push_back(std::async(std::launch::async, [&] { return send("/recommend", body); }));
  BOOST_CHECK_EQUAL(recommend("{}")["user_id"], user);
  for (auto& other : others)
    BOOST_CHECK_EQUAL(checked(other.get(), "/recommend")["recommendations"], expected);
}

BOOST_AUTO_TEST_CASE(given_items_are_ranked) {
  const auto id = [](std::uint32_t item) { return std::string(bookshop()->items[item]); };
  const auto body = post("/rank/" + std::string(user), "/rank/{user_id}",
                         R"({"items": [")" + id(3) + R"(", ")" + id(9) + R"(", "unknown"], "scores": true})");
  BOOST_CHECK_EQUAL(body["recommendations"].size(), 2u);
  BOOST_CHECK(body["scores"][0]["ranknet"].is_number());
  BOOST_CHECK_GE(body["scores"][0]["ranknet"].get<double>(), body["scores"][1]["ranknet"].get<double>());
  post("/rank/" + std::string(user), "/rank/{user_id}", R"({"items": []})", 422);
}

BOOST_AUTO_TEST_CASE(only_the_list_that_is_stored_can_be_computed_later) {
  const auto items = R"({"items": [")" + std::string(bookshop()->items[3]) + R"("]})";
  const std::string ranked = "/rank/" + std::string(user), expected = "wait: only POST /recommend/{user_id}";
  for (const std::string body : {R"({"users": ["anna"]})", R"({"history": ["a"]})"}) {
    const std::string said = post("/recommend?wait=false", "/recommend", body, 400)["message"];
    BOOST_CHECK_EQUAL(said.substr(0, expected.size()), expected);
    post("/recommend?wait=true", "/recommend", body, 200);
  }
  post(ranked + "?wait=false", "/rank/{user_id}", items, 400);
  post(ranked + "?wait=perhaps", "/rank/{user_id}", items, 400);
  post(ranked + "?wait=true", "/rank/{user_id}", items, 200);
}

BOOST_AUTO_TEST_CASE(ranking_takes_the_parameters_that_are_documented) {
  const auto& operation = document["paths"]["/rank/{user_id}"]["post"];
  const auto items = R"({"items": [")" + std::string(bookshop()->items[3]) + R"("]})";
  for (const std::string parameter : {"scores", "explain"}) {
    const auto is_documented = [&](const json& one) {
      return one["name"] == parameter && one["in"] == "query";
    };
    BOOST_CHECK(std::any_of(operation["parameters"].begin(), operation["parameters"].end(), is_documented));
    const auto target = "/rank/" + std::string(user) + "?" + parameter + "=";
    const auto more = post(target + "true", "/rank/{user_id}", items);
    BOOST_CHECK_EQUAL(more[parameter == "scores" ? "scores" : "because"].size(), 1u);
    post(target + "perhaps", "/rank/{user_id}", items, 400);
  }
}

BOOST_AUTO_TEST_CASE(the_document_says_how_long_lists_of_a_body_may_be) {
  const auto& members = document["components"]["schemas"]["ListQuery"]["properties"];
  for (const std::string member : {"history", "exclude", "fields"}) {
    BOOST_CHECK_EQUAL(members[member]["maxItems"], list_query::most_ids);
    const json body{{member, json(list_query::most_ids + 1, "x")}};
    BOOST_CHECK_EQUAL(recommend(body.dump(), 422)["message"],
                      member + ": expected at most 10000 texts, got 10001");
  }
  const auto& session = document["components"]["schemas"]["BatchQuery"]["properties"]["history"];
  BOOST_CHECK_EQUAL(session["maxItems"], list_query::most_ids);
}

BOOST_AUTO_TEST_CASE(items_and_popular_ones_are_described) {
  const auto id = std::string(bookshop()->items[4]);
  const auto item = json::parse(daemon.http().get("/items/" + id).body);
  BOOST_CHECK_EQUAL(item["item_id"], id);
  BOOST_CHECK_EQUAL(item["attributes"], json::parse(R"({"title": "Title 4", "price": 4, "in_stock": true})"));
  BOOST_CHECK_EQUAL(daemon.http().get("/items/nothing").status, 404);
  BOOST_CHECK_EQUAL(daemon.http().get("/popular?limit=0").status, 400);
  BOOST_CHECK_EQUAL(daemon.http().get("/popular?window=week").status, 400);
  const auto popular = daemon.http().get("/popular?limit=3");
  BOOST_CHECK_EQUAL(
      misfit(json::parse(popular.body), json::parse(R"({"$ref":"#/components/schemas/Popular"})"), document),
      "");
}

BOOST_AUTO_TEST_SUITE_END()
