#include "actors/rest/rest_routes.hpp"

#include "config/version.hpp"
#include "http/negotiation.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using http::parameter_doc;
using http::response_doc;

const char* const list_example = R"(["0764227971","0990351408"])";

http::handler pass(const call_sink& sink, http_call::kind what) {
  return [sink, what](http::request asked, http::responder answer) {
    sink(std::make_shared<const http_call>(what, std::move(asked), std::move(answer)));
  };
}

parameter_doc user_parameter() {
  return {"user_id", "path", "The user's id: opaque bytes, percent-encoded.", R"({"type":"string"})", true};
}

response_doc error_doc(unsigned status, const char* description) {
  return {status, description, "Error", "", {}};
}

response_doc json_doc(unsigned status, const char* description, const char* schema,
                      const char* example = "") {
  response_doc doc;
  doc.status = status;
  doc.description = description;
  doc.schema = schema;
  doc.example = example;
  return doc;
}

/// Sets the JSON media type for all documents that have none.
std::vector<response_doc> json_docs(std::vector<response_doc> docs) {
  for (auto& doc : docs)
    if (doc.content_type.empty())
      doc.content_type = "application/json";
  return docs;
}

http::response health_response(const health_board& health) {
  const bool healthy = health.reasons_not_ready().empty();
  http::response answer;
  answer.status = healthy ? 200 : 503;
  answer.body = std::string(R"({"status":")") + (healthy ? "healthy" : "unhealthy") + R"(","model_loaded":)" +
                (health.models_warm ? "true" : "false") + "}";
  return answer;
}

http::response readiness_response(const health_board& health) {
  auto reasons = health.reasons_not_ready();
  const bool ready = reasons.empty();
  if (ready)
    reasons = health.reasons_degraded();
  const char* const status = !ready ? "not ready" : reasons.empty() ? "ready" : "degraded";
  http::response answer;
  answer.status = ready ? 200 : 503;
  answer.body = nlohmann::ordered_json{{"status", status}, {"reasons", reasons}}.dump();
  return answer;
}

void add_health_routes(http::router& routes, const std::shared_ptr<const health_board>& health) {
  routes.add(
      {"GET",
       "/health",
       "Whether recommendations can be served",
       "Same response as the service that Winnow replaces. 503 with `unhealthy` while not ready; /readyz "
       "gives the reasons.",
       {},
       {},
       json_docs({json_doc(200, "Healthy.", "Health", R"({"status":"healthy","model_loaded":true})"),
                  json_doc(503, "Not ready.", "Health", R"({"status":"unhealthy","model_loaded":true})")}),
       [health](const http::request&, const http::responder& answer) { answer(health_response(*health)); }});
  routes.add({"GET",
              "/livez",
              "Whether the process is alive",
              "For a process supervisor that restarts a daemon that hangs.",
              {},
              {},
              json_docs({json_doc(200, "Alive.", "Status", R"({"status":"alive"})")}),
              [](const http::request&, const http::responder& answer) {
                http::response alive;
                alive.body = R"({"status":"alive"})";
                answer(std::move(alive));
              }});
  routes.add(
      {"GET",
       "/readyz",
       "Whether to send requests here, and the reasons if not",
       "",
       {},
       {},
       json_docs({json_doc(200, "Ready, or degraded if lists are computed without one of the ranking stages.",
                           "Readiness", R"({"status":"ready","reasons":[]})"),
                  json_doc(503, "Not ready.", "Readiness",
                           R"({"status":"not ready","reasons":["the profile store is not connected"]})")}),
       [health](const http::request&, const http::responder& answer) {
         answer(readiness_response(*health));
       }});
}

void add_recommendation_routes(http::router& routes, const call_sink& sink) {
  routes.add(
      {"POST",
       "/recommend/{user_id}",
       "Compute and store a user's recommendations",
       "Reads the user's newest profile, runs the cascade, stores the list and answers with it.",
       {user_parameter(),
        {"wait", "query", "`false`: answer 202 immediately and compute afterwards.",
         R"({"type":"boolean","default":true})", false},
        {"scores", "query", "`true`: add each item's score in every stage.",
         R"({"type":"boolean","default":false})", false},
        {"explain", "query", "`true`: add the reason for each item.", R"({"type":"boolean","default":false})",
         false},
        {"Prefer", "header", "`respond-async` is the same as `wait=false`.", R"({"type":"string"})", false}},
       {},
       json_docs(
           {json_doc(200, "Computed and stored.", "Recommendation"),
            json_doc(202, "Accepted; the list is computed later.", "Accepted"),
            error_doc(400, "A parameter is invalid."), error_doc(404, "The user has no profile."),
            error_doc(422, "The user's profile is not a JSON array of item ids."),
            error_doc(503,
                      "Overloaded, or the store or candidate generation is unavailable; see Retry-After."),
            error_doc(504, "The deadline passed.")}),
       pass(sink, http_call::kind::recommend)});
  routes.add(
      {"GET",
       "/recommendations/{user_id}",
       "A user's stored recommendations",
       "",
       {user_parameter()},
       {},
       json_docs({json_doc(200, "The list as stored.", "StoredList"), error_doc(404, "The user has no list."),
                  error_doc(503, "The store is unavailable; see Retry-After.")}),
       pass(sink, http_call::kind::read_list)});
}

void add_item_routes(http::router& routes, const call_sink& sink) {
  routes.add(
      {"GET",
       "/items/{item_id}/similar",
       "Items that are similar to an item",
       "From two sources: the items whose embeddings point in the most similar direction, and those that "
       "follow the item in users' histories. The order combines the places in both lists.",
       {{"item_id", "path", "The item's id: opaque bytes, percent-encoded.", R"({"type":"string"})", true},
        {"limit", "query", "The largest number of items to return.",
         R"({"type":"integer","minimum":1,"maximum":100,"default":10})", false}},
       {},
       json_docs({json_doc(200, "The similar items, best first.", "SimilarItems"),
                  error_doc(400, "The limit is invalid."), error_doc(404, "The models do not know the item."),
                  error_doc(503, "Overloaded, or candidate generation is unavailable; see Retry-After."),
                  error_doc(504, "The deadline passed.")}),
       pass(sink, http_call::kind::similar_items)});
}

void add_profile_routes(http::router& routes, const call_sink& sink) {
  http::body_doc items;
  items.description = "Item ids, oldest first.";
  items.schema = R"({"type":"array","items":{"type":"string"}})";
  items.example = list_example;
  routes.add(
      {"PUT",
       "/profiles/{user_id}",
       "Write a user's profile",
       "Only with the embedded store. The user's list is then computed automatically.",
       {user_parameter()},
       items,
       json_docs({json_doc(200, "Stored.", "Status"), error_doc(422, "Not a JSON array of item ids.")}),
       pass(sink, http_call::kind::write_profile)});
  routes.add({"GET",
              "/profiles/{user_id}",
              "A user's profile",
              "Only with the embedded store.",
              {user_parameter()},
              {},
              json_docs({json_doc(200, "The profile as stored.", items.schema.c_str(), list_example),
                         error_doc(404, "The user has no profile.")}),
              pass(sink, http_call::kind::read_profile)});
  routes.add({"DELETE",
              "/profiles/{user_id}",
              "Remove a user's profile",
              "Only with the embedded store.",
              {user_parameter()},
              {},
              json_docs({json_doc(200, "The user has no profile now.", "Status")}),
              pass(sink, http_call::kind::erase_profile)});
}

void add_metrics_route(http::router& routes, const call_sink& sink) {
  response_doc text;
  text.description =
      "Prometheus text, for clients that accept text/plain or OpenMetrics, as every Prometheus server does.";
  text.schema = R"({"type":"string"})";
  text.content_type = "text/plain";
  routes.add({"GET",
              "/metrics",
              "Counts and metrics",
              "",
              {},
              {},
              json_docs({json_doc(200, "JSON, for all other clients.", "Metrics"), text}),
              pass(sink, http_call::kind::render_metrics)});
}

nlohmann::ordered_json schemas() {
  return nlohmann::ordered_json::parse(R"({
    "Error": {"type": "object", "required": ["status", "message"],
      "properties": {"status": {"const": "error"}, "message": {"type": "string"}}},
    "Status": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
    "Health": {"type": "object", "required": ["status", "model_loaded"],
      "properties": {"status": {"enum": ["healthy", "unhealthy"]}, "model_loaded": {"type": "boolean"}}},
    "Readiness": {"type": "object", "required": ["status", "reasons"],
      "properties": {"status": {"enum": ["ready", "degraded", "not ready"]},
                     "reasons": {"type": "array", "items": {"type": "string"}}}},
    "Accepted": {"type": "object", "required": ["status", "message"],
      "properties": {"status": {"const": "success"}, "message": {"type": "string"}}},
    "StoredList": {"type": "object", "required": ["status", "recommendations"],
      "properties": {"status": {"const": "success"},
                     "recommendations": {"type": "array", "items": {"type": "string"}}}},
    "Recommendation": {"type": "object",
      "required": ["status", "message", "user_id", "recommendations", "source", "model_version"],
      "properties": {
        "status": {"const": "success"}, "message": {"type": "string"}, "user_id": {"type": "string"},
        "recommendations": {"type": "array", "items": {"type": "string"}, "description": "Best first."},
        "source": {"enum": ["personalised", "history_mean", "popular"],
                   "description": "Where the candidates came from: the user's vector, the known history items of a user without one (folded in, or their mean), or popularity."},
        "model_version": {"type": "string"},
        "degraded": {"type": "array", "items": {"type": "string"},
                     "description": "Stages that did not answer, with the reasons; absent if all did."},
        "scores": {"type": "array", "items": {"$ref": "#/components/schemas/ItemScores"},
                   "description": "Parallel to recommendations; only with scores=true."},
        "because": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"},
                    "description": "Parallel to recommendations, empty for a user without a history; only with explain=true."}}},
    "Reason": {"type": "object", "required": ["item", "history_item", "weight"],
      "description": "The item of the user's recent history (the last 50) to which DIN's attention gave most weight for a recommended item.",
      "properties": {"item": {"type": "string"}, "history_item": {"type": "string"},
                     "weight": {"type": "number",
                                "description": "Above 0, at most 1; summed if the history item occurs more than once."}}},
    "ItemScores": {"type": "object", "required": ["item_id"],
      "properties": {"item_id": {"type": "string"},
                     "lightgcn": {"type": "number", "description": "Inner product; absent for popular items."},
                     "transitions": {"type": "number", "description": "Relative to the best candidate; only if the transitions found the item."},
                     "sources": {"type": "array", "items": {"type": "string", "enum": ["lightgcn", "transitions"]},
                                 "description": "What found the candidate; absent for models without stage features."},
                     "adopted": {"type": "boolean", "description": "True if the item is not in the trained catalogue but was adopted while serving; otherwise absent."},
                     "din": {"type": "number", "description": "Click probability."},
                     "ranknet": {"type": "number"}}},
    "SimilarItems": {"type": "object", "required": ["item_id", "similar", "model_version"],
      "properties": {"item_id": {"type": "string"},
                     "similar": {"type": "array", "items": {"$ref": "#/components/schemas/SimilarItem"},
                                 "description": "Best first, without the item itself."},
                     "model_version": {"type": "string"}}},
    "SimilarItem": {"type": "object", "required": ["item_id", "score", "sources"],
      "properties": {"item_id": {"type": "string"},
                     "score": {"type": "number",
                               "description": "From 0 to 1: reciprocal rank fusion of the places in both lists."},
                     "cosine": {"type": "number", "description": "Of the embeddings, above 0; absent if the item is not among the 100 nearest."},
                     "transition": {"type": "number", "description": "How much the item follows, relative to the one that follows most; absent if it is not among the first 100."},
                     "sources": {"type": "array", "items": {"type": "string", "enum": ["embedding", "transitions"]},
                                 "description": "What found the item."},
                     "adopted": {"type": "boolean", "description": "True if the item is not in the trained catalogue but was adopted while serving; otherwise absent."}}},
    "Metrics": {"type": "object", "required": ["redis_keys", "user_profiles", "recommendations"],
      "properties": {"redis_keys": {"type": ["integer", "null"]}, "user_profiles": {"type": ["integer", "null"]},
                     "recommendations": {"type": ["integer", "null"]},
                     "counted_seconds_ago": {"type": "integer", "description": "Age of the three counts."},
                     "store_error": {"type": "string", "description": "Why they are null."}},
      "additionalProperties": true}
  })");
}

} // namespace

std::shared_ptr<const http::router> make_routes(const std::shared_ptr<const health_board>& health,
                                                const call_sink& pass_on, bool profile_writes) {
  auto routes = std::make_shared<http::router>();
  add_health_routes(*routes, health);
  add_recommendation_routes(*routes, pass_on);
  add_item_routes(*routes, pass_on);
  add_metrics_route(*routes, pass_on);
  if (profile_writes)
    add_profile_routes(*routes, pass_on);
  http::api_info info;
  info.title = "Winnow";
  info.version = std::string(version());
  info.description = "Recommendations from user histories, in three learned stages.";
  info.schemas = schemas();
  http::add_documentation(*routes, info);
  return routes;
}

} // namespace winnow
