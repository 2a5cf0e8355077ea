#include "http/openapi.hpp"

#include "http/docs_page.hpp"
#include "http/negotiation.hpp"
#include "http/text.hpp"

#include <boost/beast/http/status.hpp>
#include <memory>

namespace winnow::http {

namespace {

using json = nlohmann::ordered_json;

json schema_of(const std::string& text) {
  if (text.front() == '{')
    return json::parse(text);
  return {{"$ref", "#/components/schemas/" + text}};
}

json media_type(const std::string& schema, const std::string& example, const std::string& content_type) {
  json described = {{"schema", schema_of(schema)}};
  if (!example.empty())
    described["example"] = is_json(content_type) ? json::parse(example) : json(example);
  return described;
}

json parameters_of(const route& described) {
  json list = json::array();
  for (const parameter_doc& parameter : described.parameters)
    list.push_back({{"name", parameter.name},
                    {"in", parameter.in},
                    {"description", parameter.description},
                    {"required", parameter.required},
                    {"schema", schema_of(parameter.schema)}});
  return list;
}

json body_of(const body_doc& body) {
  const std::string type = "application/json";
  return {{"description", body.description},
          {"required", body.required},
          {"content", {{type, media_type(body.schema, body.example, type)}}}};
}

std::string reason(unsigned status) {
  const auto text = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {text.data(), text.size()};
}

json responses_of(const route& described) {
  json answers = json::object();
  for (const response_doc& answer : described.responses) {
    json& entry = answers[std::to_string(answer.status)];
    if (!entry.contains("description"))
      entry["description"] = answer.description.empty() ? reason(answer.status) : answer.description;
    if (!answer.schema.empty())
      entry["content"][answer.content_type] = media_type(answer.schema, answer.example, answer.content_type);
  }
  answers["default"] = {{"description", "Any request can be answered with 400, 401, 403, 408, 411, 413, 414, "
                                        "415, 417, 429, 431, 500, 501, 503 "
                                        "or 505."},
                        {"content", {{"application/json", {{"schema", schema_of("Error")}}}}}};
  return answers;
}

/// E.g. `post_recommend_user_id` for `POST /recommend/{user_id}`.
std::string operation_id(const route& described) {
  std::string id;
  for (const char c : described.method + described.pattern)
    if (is_alphanumeric(c))
      id += lower(c);
    else if (id.back() != '_')
      id += '_';
  while (id.back() == '_')
    id.pop_back();
  return id;
}

json operation_of(const route& described, token_need tokens) {
  json operation = {{"operationId", operation_id(described)}, {"summary", described.summary}};
  if (!described.description.empty())
    operation["description"] = described.description;
  if (!described.parameters.empty())
    operation["parameters"] = parameters_of(described);
  if (described.request_body)
    operation["requestBody"] = body_of(*described.request_body);
  operation["responses"] = responses_of(described);
  if (tokens == token_need::of_most && (described.always || described.without_token))
    operation["security"] = json::array(); // none
  return operation;
}

json error_schema() {
  return {{"type", "object"},
          {"description", "The reason why a request was refused or failed."},
          {"required", {"status", "message"}},
          {"properties",
           {{"status", {{"type", "string"}, {"const", "error"}}}, {"message", {{"type", "string"}}}}}};
}

route served_text(std::string pattern, std::string summary, std::shared_ptr<const response> answer) {
  route made;
  made.method = "GET";
  made.pattern = std::move(pattern);
  made.summary = std::move(summary);
  made.handle = [answer = std::move(answer)](const request& /*asked*/, const responder& respond) {
    respond(*answer);
  };
  return made;
}

} // namespace

nlohmann::ordered_json openapi_document(const router& routes, const api_info& info) {
  json document = {
      {"openapi", "3.1.0"},
      {"info", {{"title", info.title}, {"version", info.version}, {"description", info.description}}},
      {"paths", json::object()},
      {"components", {{"schemas", info.schemas}}}};
  if (info.tokens != token_need::of_none) {
    document["components"]["securitySchemes"]["token"] = {
        {"type", "http"},
        {"scheme", "bearer"},
        {"description", "A token with the role `read` allows GET alone."}};
    document["security"] = json::array({{{"token", json::array()}}});
  }
  json& schemas = document["components"]["schemas"];
  if (!schemas.contains("Error"))
    schemas["Error"] = error_schema();
  for (const route& described : routes.routes()) {
    std::string method = described.method;
    std::transform(method.begin(), method.end(), method.begin(), lower);
    document["paths"][described.pattern][method] = operation_of(described, info.tokens);
  }
  return document;
}

void add_documentation(router& routes, const api_info& info) {
  const auto document = std::make_shared<response>();
  const auto page = std::make_shared<response>();

  route described = served_text("/openapi.json", "The OpenAPI description of this API", document);
  described.responses.push_back(
      {200, "An OpenAPI 3.1 document.", R"({"type":"object"})", "", "application/json"});
  routes.add(std::move(described));

  route shown = served_text("/docs", "The API description as an interactive page", page);
  shown.responses.push_back({200, "An HTML page.", R"({"type":"string"})", "", "text/html"});
  shown.without_token = true;
  routes.add(std::move(shown));

  // FastAPI has a second page; links to it stay valid.
  route former = served_text("/redoc", "The same page under its other usual name", page);
  former.responses = {{200, "An HTML page.", R"({"type":"string"})", "", "text/html"}};
  former.without_token = true;
  routes.add(std::move(former));

  // The document includes these routes, so it is generated only now.
  document->body = openapi_document(routes, info).dump();
  page->content_type = "text/html; charset=utf-8";
  page->body = docs_page();
  page->headers = {{"Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; "
                    "script-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
                   {"X-Content-Type-Options", "nosniff"}};
}

} // namespace winnow::http
