// The client does all that /openapi.json of a real winnowd offers, with the same parameters and fields.
#include "daemon_process.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <winnow/client.hpp>

using namespace winnow::test;
using nlohmann::json;
namespace client = winnow::client;

namespace {

/// The functions for each request with the parameters that they take; or why there is none.
const std::map<std::string, std::set<std::string>> covered{
    {"get /health", {}},
    {"get /livez", {}},
    {"get /readyz", {}},
    {"get /metrics", {}},
    {"get /metrics-json", {}},
    // `placement` is a member of the query, also below.
    {"post /recommend", {"scores", "explain", "placement"}},
    {"post /rank/{user_id}", {"user_id", "scores", "explain", "placement"}},
    {"get /items/{item_id}", {"item_id"}},
    {"put /items/{item_id}", {"item_id"}},
    {"delete /items/{item_id}", {"item_id"}},
    {"delete /users/{user_id}", {"user_id"}},
    {"get /popular", {"limit", "window"}},
    // `wait` is request_recommendation; `Prefer` does the same.
    {"post /recommend/{user_id}", {"user_id", "scores", "explain", "wait", "placement", "Prefer"}},
    {"get /recommendations/{user_id}", {"user_id", "limit", "offset", "cursor"}},
    {"get /items/{item_id}/similar", {"item_id", "limit", "filter"}},
    {"put /profiles/{user_id}", {"user_id"}},
    {"get /profiles/{user_id}", {"user_id"}},
    {"delete /profiles/{user_id}", {"user_id"}},
};
const std::map<std::string, std::string> left_out{
    {"get /openapi.json", "for tools that make clients"},
    {"get /docs", "a page for people"},
    {"get /redoc", "a page for people"},
};
/// Schemas that no struct has, and why.
const std::map<std::string, std::string> without_struct{
    {"Error", "a failure"},
    {"Status", "the function returns nothing"},
    {"Accepted", "the function returns nothing"},
    {"ListChanged", "a failure"},
    {"Batch", "the function returns a vector of lists and reasons"},
    {"BatchOrList", "two functions, one for each"},
    {"ListQuery", "a JSON object"},
    {"RankQuery", "a JSON object, and the items"},
    {"BatchQuery", "a JSON object, and the users or the history"},
    {"Filter", "a JSON object"},
};
/// Always the same.
const std::set<std::string> fields_left_out{"Recommendation.status", "Recommendation.message",
                                            "StoredList.status", "ItemState.status", "ErasedUser.status"};

json document_of_daemon() {
  daemon_process process({"--host", "127.0.0.1", "--port", "0", "--admin", "off", "--store",
                          "memory:", "--model-dir", bookshop_dir(), "--learn-state", "learned"});
  return json::parse(process.wait_for_port().http().get("/openapi.json").body);
}

/// The type that a schema describes, in the words of `type_of`.
std::string described_type(const json& schema) {
  if (schema.contains("$ref")) {
    const auto path = schema["$ref"].get<std::string>();
    return path.substr(path.rfind('/') + 1);
  }
  if (schema.contains("enum") || schema.contains("const"))
    return "string";
  if (schema["type"].is_array())
    return schema["type"][0].get<std::string>() + " or null";
  return schema["type"] == "array" ? "array of " + described_type(schema["items"])
                                   : schema["type"].get<std::string>();
}

std::string type_of(const std::string& /*unused*/) {
  return "string";
}
std::string type_of(double /*unused*/) {
  return "number";
}
std::string type_of(bool /*unused*/) {
  return "boolean";
}
std::string type_of(std::int64_t /*unused*/) {
  return "integer";
}
std::string type_of(const client::nullable_count& /*unused*/) {
  return "integer or null";
}
std::string type_of(const client::json_object& /*unused*/) {
  return "object";
}
std::string type_of(const client::popular_item& /*unused*/) {
  return "PopularItem";
}
std::string type_of(const client::withheld_item& /*unused*/) {
  return "WithheldItem";
}
std::string type_of(const client::erased_counts& /*unused*/) {
  return "ErasedCounts";
}
std::string type_of(const client::reason& /*unused*/) {
  return "Reason";
}
std::string type_of(const client::item_scores& /*unused*/) {
  return "ItemScores";
}
std::string type_of(const client::similar_item& /*unused*/) {
  return "SimilarItem";
}
template<class T>
std::string type_of(const std::vector<T>& /*unused*/) {
  return "array of " + type_of(T());
}

using field_map = std::map<std::string, std::string>;

template<class T>
void note(field_map& into, const char* name, const T& value) {
  into[name] = type_of(value);
}
template<class T>
void note(field_map& into, const char* name, const std::optional<T>& /*unused*/) {
  into[name] = type_of(T()) + ", optional";
}

template<class T>
field_map fields_of() {
  field_map found;
  T value;
  value.fields([&](const char* name, auto& field) { note(found, name, field); });
  return found;
}

field_map described_fields(const std::string& name, const json& schema) {
  field_map found;
  for (const auto& [field, described] : schema["properties"].items()) {
    const auto& required = schema["required"];
    const bool needed = std::find(required.begin(), required.end(), field) != required.end();
    if (fields_left_out.count(name + "." + field) == 0)
      found[field] = described_type(described) + (needed ? "" : ", optional");
  }
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(covers_every_request_with_every_parameter) {
  const auto document = document_of_daemon();
  std::set<std::string> offered;
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, described] : methods.items()) {
      const auto request = method + " " + path;
      offered.insert(request);
      std::set<std::string> parameters;
      for (const auto& one : described.value("parameters", json::array()))
        if (one["name"] != "traceparent" && one["name"] != "tracestate") // set where requests are traced
          parameters.insert(one["name"].get<std::string>());
      if (covered.count(request) != 0)
        BOOST_CHECK_MESSAGE(covered.at(request) == parameters, request << ": other parameters");
      else
        BOOST_CHECK_MESSAGE(left_out.count(request) != 0, request << ": neither covered nor left out");
    }
  for (const auto& [request, parameters] : covered)
    BOOST_CHECK_MESSAGE(offered.count(request) != 0, request << ": the daemon has none");
}

BOOST_AUTO_TEST_CASE(has_every_field_of_every_schema) {
  const auto document = document_of_daemon();
  const std::map<std::string, field_map> ours{{"Recommendation", fields_of<client::recommendation>()},
                                              {"Reason", fields_of<client::reason>()},
                                              {"StoredList", fields_of<client::list_page>()},
                                              {"ItemScores", fields_of<client::item_scores>()},
                                              {"SimilarItems", fields_of<client::similar_items>()},
                                              {"SimilarItem", fields_of<client::similar_item>()},
                                              {"Item", fields_of<client::item>()},
                                              {"ItemState", fields_of<client::item_state>()},
                                              {"WithheldItem", fields_of<client::withheld_item>()},
                                              {"ErasedUser", fields_of<client::erased_user>()},
                                              {"ErasedCounts", fields_of<client::erased_counts>()},
                                              {"Popular", fields_of<client::popular_items>()},
                                              {"PopularItem", fields_of<client::popular_item>()},
                                              {"Health", fields_of<client::health>()},
                                              {"Readiness", fields_of<client::readiness>()},
                                              {"Metrics", fields_of<client::metrics>()}};
  for (const auto& [name, schema] : document["components"]["schemas"].items()) {
    if (without_struct.count(name) != 0)
      continue;
    BOOST_REQUIRE_MESSAGE(ours.count(name) != 0, name << ": no struct");
    const auto described = described_fields(name, schema);
    for (const auto& [field, type] : described)
      BOOST_CHECK_MESSAGE(ours.at(name).count(field) != 0 && ours.at(name).at(field) == type,
                          name << "." << field << ": expected " << type);
    BOOST_CHECK_EQUAL(ours.at(name).size(), described.size());
  }
}

BOOST_AUTO_TEST_SUITE_END()
