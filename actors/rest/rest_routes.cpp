#include "actors/rest/rest_routes.hpp"

#include "actors/rest/rest_schemas.hpp"
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

/// The same for requests that are traced.
/// @param traces Null: they are not.
http::handler pass_traced(const call_sink& sink, http_call::kind what, const tracer_ptr& traces) {
  if (!traces)
    return pass(sink, what);
  return [sink, what, traces](http::request asked, http::responder answer) {
    auto trace = traces->begin(asked);
    if (trace)
      answer = traced_responder(trace, std::move(answer));
    sink(std::make_shared<const http_call>(what, std::move(asked), std::move(answer), std::move(trace)));
  };
}

/// The headers by which a client says to which trace its request belongs.
std::vector<parameter_doc> with_trace_headers(std::vector<parameter_doc> parameters) {
  parameters.push_back(
      {"traceparent", "header",
       "W3C Trace Context: the client's trace and span. If the request is traced, the answer "
       "has the same header, with the server's span.",
       R"({"type":"string"})", false});
  parameters.push_back({"tracestate", "header",
                        "W3C Trace Context: passed on to the answer and to the exported spans.",
                        R"({"type":"string"})", false});
  return parameters;
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
       [health](const http::request&, const http::responder& answer) { answer(health_response(*health)); },
       true});
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
              },
              true});
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
       [health](const http::request&, const http::responder& answer) { answer(readiness_response(*health)); },
       true});
}

/// A body that may be missing.
http::body_doc query_body(const char* description, const char* schema, const char* example) {
  http::body_doc body;
  body.description = description;
  body.schema = schema;
  body.example = example;
  body.required = false;
  return body;
}

void add_recommendation_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  routes.add(
      {"POST", "/recommend/{user_id}", "Compute and store a user's recommendations",
       "Reads the user's newest profile, runs the cascade, stores the list and answers with it.",
       with_trace_headers({user_parameter(),
                           {"wait", "query", "`false`: answer 202 immediately and compute afterwards.",
                            R"({"type":"boolean","default":true})", false},
                           {"scores", "query", "`true`: add each item's score in every stage.",
                            R"({"type":"boolean","default":false})", false},
                           {"explain", "query", "`true`: add the reason for each item.",
                            R"({"type":"boolean","default":false})", false},
                           {"Prefer", "header", "`respond-async` is the same as `wait=false`.",
                            R"({"type":"string"})", false}}),
       query_body(
           "What is asked of the list. Without a body, or with members that only tell more about it, the "
           "user's plain list is computed and stored; any other list is for this answer only.",
           "ListQuery", R"({"limit":10,"filter":{"in_stock":true,"price":{"lte":20}},"scores":true})"),
       json_docs(
           {json_doc(200, "Computed and stored.", "Recommendation"),
            json_doc(202, "Accepted; the list is computed later.", "Accepted"),
            error_doc(400, "A parameter is invalid."), error_doc(404, "The user has no profile."),
            error_doc(422, "The body does not fit, or the user's profile is not a JSON array of item ids."),
            error_doc(503,
                      "Overloaded, or the store or candidate generation is unavailable; see Retry-After."),
            error_doc(504, "The deadline passed."), error_doc(507, "The embedded store is full.")}),
       pass_traced(sink, http_call::kind::recommend, traces)});
  routes.add(
      {"POST",
       "/recommend",
       "Compute lists for several users, or for a session",
       "With `users`: the lists of up to 200 users and sessions, answered in order, each with its own "
       "status. Other "
       "members of the body are the defaults of all. With `history` instead: the list of a session without a "
       "user.",
       {{"scores", "query", "`true`: add each item's score in every stage.",
         R"({"type":"boolean","default":false})", false},
        {"explain", "query", "`true`: add the reason for each item.", R"({"type":"boolean","default":false})",
         false}},
       query_body("The users, or the history of a session.", "BatchQuery",
                  R"({"users":["anna",{"user_id":"ben","limit":5},{"history":["0764227971"]}],"limit":10})"),
       json_docs({json_doc(200, "The lists. For a session: as for one user.", "BatchOrList"),
                  error_doc(400, "A parameter is invalid."), error_doc(422, "The body does not fit."),
                  error_doc(503, "Overloaded, or the store or candidate generation is unavailable; see "
                                 "Retry-After."),
                  error_doc(504, "The deadline passed.")}),
       pass_traced(sink, http_call::kind::recommend_many, traces)});
  routes.add(
      {"POST",
       "/rank/{user_id}",
       "Rank given items for a user",
       "Ranks the items of the body with DIN and RankNet, also those of the user's history. Items that the "
       "models do "
       "not know are left out. Nothing is stored.",
       {user_parameter()},
       query_body("The items.", "RankQuery", R"({"items":["0764227971","0990351408"],"scores":true})"),
       json_docs({json_doc(200, "The items, best first.", "Recommendation"),
                  error_doc(404, "The user has no profile, and the body no history."),
                  error_doc(422, "The body does not fit."),
                  error_doc(503, "Overloaded, or the store or candidate generation is unavailable; see "
                                 "Retry-After."),
                  error_doc(504, "The deadline passed.")}),
       pass_traced(sink, http_call::kind::rank, traces)});
  routes.add(
      {"GET",
       "/recommendations/{user_id}",
       "A user's stored recommendations",
       "",
       with_trace_headers({user_parameter()}),
       {},
       json_docs({json_doc(200, "The list as stored.", "StoredList"), error_doc(404, "The user has no list."),
                  error_doc(503, "The store is unavailable; see Retry-After.")}),
       pass_traced(sink, http_call::kind::read_list, traces)});
}

void add_item_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  routes.add(
      {"GET",
       "/items/{item_id}",
       "What is known about an item",
       "",
       {{"item_id", "path", "The item's id: opaque bytes, percent-encoded.", R"({"type":"string"})", true}},
       {},
       json_docs({json_doc(200, "The item.", "Item"), error_doc(404, "The models do not know the item.")}),
       pass(sink, http_call::kind::describe_item)});
  routes.add(
      {"GET",
       "/popular",
       "The items that were taken most",
       "",
       {{"limit", "query", "The largest number of items to return.",
         R"({"type":"integer","minimum":1,"maximum":1000,"default":20})", false},
        {"window", "query",
         "`all`: counted over all interactions. `recent`: over those of late, if the training had times.",
         R"({"enum":["all","recent"],"default":"all"})", false}},
       {},
       json_docs({json_doc(200, "The items, most taken first.", "Popular"),
                  error_doc(400, "A parameter is invalid.")}),
       pass(sink, http_call::kind::popular_items)});
  routes.add(
      {"GET",
       "/items/{item_id}/similar",
       "Items that are similar to an item",
       "From two sources: the items whose embeddings point in the most similar direction, and those that "
       "follow the item in users' histories. The order combines the places in both lists.",
       with_trace_headers({{"item_id", "path", "The item's id: opaque bytes, percent-encoded.",
                            R"({"type":"string"})", true},
                           {"limit", "query", "The largest number of items to return.",
                            R"({"type":"integer","minimum":1,"maximum":100,"default":10})", false}}),
       {},
       json_docs({json_doc(200, "The similar items, best first.", "SimilarItems"),
                  error_doc(400, "The limit is invalid."), error_doc(404, "The models do not know the item."),
                  error_doc(503, "Overloaded, or candidate generation is unavailable; see Retry-After."),
                  error_doc(504, "The deadline passed.")}),
       pass_traced(sink, http_call::kind::similar_items, traces)});
}

void add_profile_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  http::body_doc items;
  items.description = "Item ids, oldest first.";
  items.schema = R"({"type":"array","items":{"type":"string"}})";
  items.example = list_example;
  routes.add({"PUT", "/profiles/{user_id}", "Write a user's profile",
              "Only with the embedded store. The user's list is then computed automatically.",
              with_trace_headers({user_parameter()}), items,
              json_docs({json_doc(200, "Stored.", "Status"), error_doc(422, "Not a JSON array of item ids."),
                         error_doc(507, "The store is full.")}),
              pass_traced(sink, http_call::kind::write_profile, traces)});
  routes.add({"GET",
              "/profiles/{user_id}",
              "A user's profile",
              "Only with the embedded store.",
              with_trace_headers({user_parameter()}),
              {},
              json_docs({json_doc(200, "The profile as stored.", items.schema.c_str(), list_example),
                         error_doc(404, "The user has no profile.")}),
              pass_traced(sink, http_call::kind::read_profile, traces)});
  routes.add({"DELETE",
              "/profiles/{user_id}",
              "Remove a user's profile",
              "Only with the embedded store.",
              with_trace_headers({user_parameter()}),
              {},
              json_docs({json_doc(200, "The user has no profile now.", "Status")}),
              pass_traced(sink, http_call::kind::erase_profile, traces)});
}

void add_metrics_routes(http::router& routes, const call_sink& sink) {
  response_doc text;
  text.description = "Prometheus text, for clients that prefer text/plain.";
  text.schema = R"({"type":"string"})";
  text.content_type = "text/plain";
  response_doc open = text;
  open.description = "OpenMetrics, with exemplars, for clients that prefer it, as Prometheus servers do.";
  open.content_type = "application/openmetrics-text";
  routes.add({"GET",
              "/metrics",
              "Counts and metrics",
              "",
              {},
              {},
              json_docs({json_doc(200, "JSON, for all other clients.", "Metrics"), text, open}),
              pass(sink, http_call::kind::render_metrics)});
  routes.add({"GET",
              "/metrics-json",
              "Counts and metrics as JSON",
              "The JSON form of /metrics, whatever the client accepts.",
              {},
              {},
              json_docs({json_doc(200, "The counts.", "Metrics")}),
              pass(sink, http_call::kind::render_metrics_json)});
}

} // namespace

std::shared_ptr<const http::router> make_routes(const std::shared_ptr<const health_board>& health,
                                                const call_sink& pass_on, bool profile_writes,
                                                bool needs_token, const tracer_ptr& traces) {
  auto routes = std::make_shared<http::router>();
  add_health_routes(*routes, health);
  add_recommendation_routes(*routes, pass_on, traces);
  add_item_routes(*routes, pass_on, traces);
  add_metrics_routes(*routes, pass_on);
  if (profile_writes)
    add_profile_routes(*routes, pass_on, traces);
  http::api_info info;
  info.title = "Winnow";
  info.version = std::string(version());
  info.description = "Recommendations from user histories, in three learned stages.";
  info.needs_token = needs_token;
  info.schemas = rest_schemas();
  http::add_documentation(*routes, info);
  return routes;
}

} // namespace winnow
