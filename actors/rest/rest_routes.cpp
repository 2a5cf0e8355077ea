#include "actors/rest/rest_routes.hpp"

#include "actors/rest/rest_schemas.hpp"
#include "actors/rest/route_parts.hpp"
#include "config/version.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

const char* const list_example = R"(["0764227971","0990351408"])";

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
  // Reasons name the store's user, who need not be UTF-8.
  answer.body = nlohmann::ordered_json{{"status", status}, {"reasons", reasons}}.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
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
       {json_doc(200, "Healthy.", "Health", R"({"status":"healthy","model_loaded":true})"),
        json_doc(503, "Not ready.", "Health", R"({"status":"unhealthy","model_loaded":true})")},
       [health](const http::request&, const http::responder& answer) { answer(health_response(*health)); },
       true});
  routes.add({"GET",
              "/livez",
              "Whether the process is alive",
              "For a process supervisor that restarts a daemon that hangs.",
              {},
              {},
              {json_doc(200, "Alive.", "Status", R"({"status":"alive"})")},
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
       {json_doc(
            200,
            "Ready; or degraded if requests are served, but not all is well: without a ranking stage, for "
            "example, or without Kafka; see the reasons.",
            "Readiness", R"({"status":"ready","reasons":[]})"),
        json_doc(503, "Not ready.", "Readiness",
                 R"({"status":"not ready","reasons":["the profile store is not connected"]})")},
       [health](const http::request&, const http::responder& answer) { answer(readiness_response(*health)); },
       true});
}

void add_profile_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  http::body_doc items;
  items.description = "Item ids, oldest first.";
  // Numbers count as their texts, and are stored as they came.
  items.schema = R"({"type":"array","items":{"type":["string","number"]}})";
  items.example = list_example;
  const auto away = error_doc(503, "The store is unavailable; see Retry-After.");
  const auto may_not = error_doc(403, "Without tokens, a daemon on a loopback address lets clients write by "
                                      "a loopback Host only, or through a trusted proxy.");
  routes.add({"PUT",
              "/profiles/{user_id}",
              "Write a user's profile",
              "Only with the embedded store. The user's list is then computed automatically.",
              with_trace_headers({user_parameter()}),
              items,
              {json_doc(200, "Stored.", "Status"), may_not, error_doc(422, "Not a JSON array of item ids."),
               away, error_doc(507, "The store is full.")},
              pass_traced(sink, http_call::kind::write_profile, traces)});
  routes.add({"GET",
              "/profiles/{user_id}",
              "A user's newest profile",
              "Only with the embedded store. If the id ends in a colon and a time, the profile of that time.",
              with_trace_headers({user_parameter()}),
              {},
              {json_doc(200, "The profile as stored.", items.schema.c_str(), list_example),
               error_doc(404, "The user has no such profile."), away},
              pass_traced(sink, http_call::kind::read_profile, traces)});
  routes.add(
      {"DELETE",
       "/profiles/{user_id}",
       "Remove a user's profiles",
       "Only with the embedded store. Removes those of all times; if the id ends in a colon and a time, "
       "the profile of that time alone. Their lists are then removed automatically.",
       with_trace_headers({user_parameter()}),
       {},
       {json_doc(200, "The user has no such profile now.", "Status"), may_not, away},
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
              {json_doc(200, "JSON, for all other clients.", "Metrics"), text, open},
              pass(sink, http_call::kind::render_metrics)});
  routes.add({"GET",
              "/metrics-json",
              "Counts and metrics as JSON",
              "The JSON form of /metrics, whatever the client accepts.",
              {},
              {},
              {json_doc(200, "The counts.", "Metrics")},
              pass(sink, http_call::kind::render_metrics_json)});
}

} // namespace

std::shared_ptr<const http::router> make_routes(const std::shared_ptr<const health_board>& health,
                                                const call_sink& pass_on, bool profile_writes,
                                                http::token_need tokens, const tracer_ptr& traces) {
  auto routes = std::make_shared<http::router>();
  add_health_routes(*routes, health);
  add_recommendation_routes(*routes, pass_on, traces);
  add_item_routes(*routes, pass_on, traces);
  add_change_routes(*routes, pass_on, traces);
  add_metrics_routes(*routes, pass_on);
  if (profile_writes)
    add_profile_routes(*routes, pass_on, traces);
  http::api_info info;
  info.title = "Winnow";
  info.version = std::string(version());
  info.description = "Recommendations from user histories, in three learned stages.";
  info.tokens = tokens;
  info.schemas = rest_schemas();
  http::add_documentation(*routes, info);
  return routes;
}

} // namespace winnow
