// The spans of whole requests, from a daemon to a collector.

#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"
#include "tests/actors/tracing/recording_collector.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <regex>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

const std::vector<std::string> stages{"candidate_generator", "din_ranker", "ranknet_ranker"};

/// The spans of one trace by name. Each name occurs once.
using spans_by_name = std::map<std::string, json>;

struct spans_fixture {
  static settings traced_settings(const recording_collector& collector) {
    auto options = running_daemon::usual_settings();
    options.tracing.endpoint = collector.url();
    return options;
  }

  /// The spans of the trace that has a span of this name.
  spans_by_name trace_with(const std::string& name) const {
    spans_by_name found;
    const auto complete = wait_until([&] {
      const auto all = collector.spans();
      const auto root =
          std::find_if(all.begin(), all.end(), [&](const json& one) { return one["name"] == name; });
      if (root == all.end())
        return false;
      for (const auto& span : all)
        if (span["traceId"] == (*root)["traceId"])
          BOOST_CHECK_MESSAGE(found.emplace(span["name"], span).second, span["name"] << " occurs twice");
      return true;
    });
    BOOST_REQUIRE_MESSAGE(complete, "no trace with " << name);
    return found;
  }

  recording_collector collector;
  running_daemon daemon{traced_settings(collector)};
};

const json& at(const spans_by_name& spans, const std::string& name) {
  const auto found = spans.find(name);
  BOOST_REQUIRE_MESSAGE(found != spans.end(), "no span " << name);
  return found->second;
}

/// The value of an attribute; null if the span does not have it.
json attribute(const json& span, const std::string& key) {
  for (const auto& one : span["attributes"])
    if (one["key"] == key)
      return one["value"].begin().value();
  return {};
}

std::uint64_t instant(const json& span, const char* which) {
  return std::stoull(span[which].get<std::string>());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(request_spans_suite, spans_fixture)

BOOST_AUTO_TEST_CASE(a_batch_has_one_span_for_all_its_steps_of_a_name) {
  for (const char* user : {"anna", "bert", "cleo"}) {
    daemon.write(user, history_json(5));
    daemon.wait_for_list(user);
  }
  const auto answer = daemon.http().post("/recommend", R"({"users":["anna","bert","cleo"]})");
  BOOST_REQUIRE_EQUAL(answer.status, 200u);
  const auto spans = trace_with("POST /recommend");
  for (auto name : stages) {
    const auto& stage = at(spans, name);
    BOOST_CHECK_EQUAL(attribute(stage, "winnow.count"), "3");
    const double total = attribute(stage, "winnow.total_ms"), longest = attribute(stage, "winnow.longest_ms");
    BOOST_CHECK(longest > 0 && total >= longest);
    for (const char* part : {" queue", " compute"}) {
      const auto& below = at(spans, name + part);
      BOOST_CHECK_EQUAL(below["parentSpanId"], stage["spanId"]);
      BOOST_CHECK_EQUAL(attribute(below, "winnow.count"), "3");
    }
    BOOST_CHECK(attribute(at(spans, name + " compute"), "winnow.batch.size").is_string());
  }
  for (const char* name : {"read profile", "store list"}) {
    BOOST_CHECK_EQUAL(attribute(at(spans, name), "winnow.count"), "3");
    BOOST_CHECK(attribute(at(spans, name), "db.operation.batch.size").is_string());
    BOOST_CHECK(spans.count(std::string(name) + " queue") == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_session_has_the_spans_of_its_list) {
  const auto answer = daemon.http().post("/recommend", R"({"history":)" + history_json(5) + "}");
  BOOST_REQUIRE_EQUAL(answer.status, 200u);
  const auto spans = trace_with("POST /recommend");
  for (const auto& name : stages) {
    BOOST_CHECK(attribute(at(spans, name), "winnow.count").is_null());
    at(spans, name + " compute");
  }
  BOOST_CHECK_EQUAL(spans.count("read profile"), 0u);
}

BOOST_AUTO_TEST_CASE(a_read_of_the_store_waits_only_for_its_pipeline) {
  daemon.write("anna", history_json(5));
  daemon.wait_for_list("anna");
  const auto expect = [&](const std::string& root, const std::string& step) {
    const auto spans = trace_with(root);
    BOOST_CHECK(attribute(at(spans, step), "db.operation.batch.size").is_string());
    BOOST_CHECK(instant(at(spans, step + " queue"), "endTimeUnixNano") <
                instant(at(spans, step), "endTimeUnixNano"));
  };
  daemon.http().get("/recommendations/anna");
  expect("GET /recommendations/{user_id}", "read list");
  daemon.http().get("/profiles/anna");
  expect("GET /profiles/{user_id}", "read profile");
  daemon.http().put("/profiles/anna", history_json(6));
  expect("PUT /profiles/{user_id}", "write profile");
  daemon.http().erase("/profiles/anna");
  expect("DELETE /profiles/{user_id}", "erase profile");
}

BOOST_AUTO_TEST_CASE(erasing_a_user_has_spans_for_each_part) {
  daemon.write("anna", history_json(5));
  daemon.wait_for_list("anna");
  BOOST_REQUIRE_EQUAL(daemon.http().erase("/users/anna").status, 200u);
  const auto spans = trace_with("DELETE /users/{user_id}");
  for (const char* name : {"list keys", "read list and events", "erase user"}) {
    BOOST_CHECK_EQUAL(attribute(at(spans, name), "db.operation.name"), name);
    BOOST_CHECK(!at(spans, name)["status"].contains("code"));
  }
  BOOST_CHECK_EQUAL(spans.count("list keys queue"), 0u);
  BOOST_CHECK_EQUAL(spans.count("erase user queue"), 1u);
}

BOOST_AUTO_TEST_CASE(changing_an_item_has_a_span) {
  const std::string item(bookshop()->items[0]);
  BOOST_REQUIRE_EQUAL(daemon.http().put("/items/" + item, R"({"hidden":true})").status, 200u);
  at(trace_with("PUT /items/{item_id}"), "change item");
}

BOOST_AUTO_TEST_CASE(the_trace_of_a_changed_profile_begins_with_its_reading) {
  daemon.write("anna", history_json(5));
  daemon.wait_for_list("anna");
  const auto spans = trace_with("profile change");
  const auto& root = at(spans, "profile change");
  const auto& reading = at(spans, "read profile");
  BOOST_CHECK_EQUAL(reading["parentSpanId"], root["spanId"]);
  BOOST_CHECK_EQUAL(reading["startTimeUnixNano"], root["startTimeUnixNano"]);
  BOOST_CHECK_EQUAL(attribute(reading, "db.operation.batch.size"), "1");
  BOOST_CHECK(instant(reading, "endTimeUnixNano") <=
              instant(at(spans, "candidate_generator"), "startTimeUnixNano"));
}

BOOST_AUTO_TEST_CASE(the_latencies_of_requests_have_exemplars) {
  daemon.write("anna", history_json(5));
  daemon.wait_for_list("anna");
  BOOST_REQUIRE_EQUAL(daemon.http().post("/recommend/anna").status, 200u);
  trace_with("POST /recommend/{user_id}");
  const auto text =
      daemon.http().get("/metrics", {{"Accept", "application/openmetrics-text; version=1.0.0"}}).body;
  for (const char* family : {"http", "recommender", "stage", "store_pipeline", "version"}) {
    const std::regex line("winnow_" + std::string(family) +
                          R"(_duration_seconds_bucket\{.*\} \d+ # \{trace_id=)");
    BOOST_CHECK_MESSAGE(std::regex_search(text, line), family << " in " << text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
