#include "http/docs_page.hpp"
#include "http/openapi.hpp"
#include "running_server.hpp"

#include <set>

namespace winnow::http::test {

namespace {

using json = nlohmann::ordered_json;

std::shared_ptr<router> documented_routes() {
  auto routes = test_routes();
  route made = simple_route("POST", "/recommend/{user_id}", [](const request&, const responder&) {});
  made.summary = "Computes a list";
  made.parameters = {{"wait", "query", "Whether to wait", R"({"type":"boolean","default":true})", false}};
  made.request_body = body_doc{"Options", "Options", R"({"a":1})", false};
  made.responses = {{200, "The list", "List", R"({"items":["a"]})"},
                    {200, "As text", R"({"type":"string"})", "a b", "text/plain"},
                    {404, "", "Error", ""}};
  routes->add(std::move(made));
  api_info info{"Winnow", "1.2.3", "Recommendations", json::object()};
  info.schemas = {{"List", {{"type", "object"}}}, {"Options", {{"type", "object"}}}};
  add_documentation(*routes, info);
  return routes;
}

json served_document() {
  const running_server server(local(), documented_routes());
  raw_client client(server.port());
  const raw_answer answer = client.ask(get("/openapi.json"));
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(answer.header("Content-Type") == "application/json");
  return json::parse(answer.body);
}

void collect_references(const json& value, std::set<std::string>& found) {
  if (value.is_object() && value.contains("$ref"))
    found.insert(value["$ref"].get<std::string>());
  for (const auto& child : value)
    if (child.is_structured())
      collect_references(child, found);
}

} // namespace

BOOST_AUTO_TEST_SUITE(documentation)

BOOST_AUTO_TEST_CASE(the_document_says_whether_a_token_is_needed) {
  router routes;
  route probe = simple_route("GET", "/livez", [](const request&, const responder&) {});
  probe.always = true;
  routes.add(probe);
  route page = simple_route("GET", "/page", [](const request&, const responder&) {});
  page.without_token = true;
  routes.add(page);
  routes.add(simple_route("GET", "/list", [](const request&, const responder&) {}));
  api_info info{"Winnow", "1.2.3", "", json::object()};
  BOOST_TEST(!openapi_document(routes, info).contains("security"));
  info.tokens = token_need::of_most;
  const json document = openapi_document(routes, info);
  BOOST_TEST(document["security"] == json::parse(R"([{"token":[]}])"));
  BOOST_TEST(document["components"]["securitySchemes"]["token"]["scheme"] == "bearer");
  BOOST_TEST(document["paths"]["/livez"]["get"]["security"] == json::array());
  BOOST_TEST(document["paths"]["/page"]["get"]["security"] == json::array());
  BOOST_TEST(!document["paths"]["/list"]["get"].contains("security"));
  info.tokens = token_need::of_all;
  const json closed = openapi_document(routes, info);
  BOOST_TEST(closed["security"] == document["security"]);
  for (const char* path : {"/livez", "/page", "/list"})
    BOOST_TEST(!closed["paths"][path]["get"].contains("security"), path);
}

BOOST_AUTO_TEST_CASE(the_document_lists_exactly_the_routes) {
  const json paths = served_document()["paths"];
  std::set<std::string> listed;
  for (const auto& [path, methods] : paths.items())
    for (const auto& [method, operation] : methods.items())
      listed.insert(std::string(method).append(" ").append(path));
  const std::set<std::string> expected{"get /health", "get /echo/{value}", "post /any",
                                       "post /json",  "get /throw",        "post /recommend/{user_id}",
                                       "get /docs",   "get /redoc",        "get /openapi.json"};
  BOOST_TEST(listed == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_document_is_well_formed_openapi) {
  const json document = served_document();
  BOOST_TEST(document["openapi"] == "3.1.0");
  BOOST_TEST(document["info"]["title"] == "Winnow");
  BOOST_TEST(document["info"]["version"] == "1.2.3");
  std::set<std::string> ids;
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      BOOST_TEST(ids.insert(operation["operationId"].get<std::string>()).second, path);
      for (const auto& [status, answer] : operation["responses"].items()) {
        BOOST_TEST((status == "default" || status.size() == 3), status);
        BOOST_TEST(!answer["description"].get<std::string>().empty(), path << ' ' << status);
      }
      std::set<std::string> path_parameters;
      for (const auto& parameter : operation.value("parameters", json::array())) {
        BOOST_TEST(parameter["schema"].is_object());
        if (parameter["in"] == "path") {
          BOOST_TEST(parameter["required"].get<bool>());
          path_parameters.insert('{' + parameter["name"].get<std::string>() + '}');
        }
      }
      for (const auto& name : path_parameters)
        BOOST_TEST(path.find(name) != std::string::npos, name);
      BOOST_TEST(path_parameters.size() ==
                 static_cast<std::size_t>(std::count(path.begin(), path.end(), '{')));
    }
}

BOOST_AUTO_TEST_CASE(every_reference_resolves) {
  const json document = served_document();
  std::set<std::string> references;
  collect_references(document, references);
  BOOST_TEST(references.size() == 3U);
  for (const std::string& reference : references)
    BOOST_TEST(document.contains(json::json_pointer(reference.substr(1))), reference);
}

BOOST_AUTO_TEST_CASE(an_operation_documents_its_route) {
  const json operation = served_document()["paths"]["/recommend/{user_id}"]["post"];
  BOOST_TEST(operation["operationId"] == "post_recommend_user_id");
  BOOST_TEST(operation["summary"] == "Computes a list");
  BOOST_TEST(operation["parameters"].size() == 2U);
  BOOST_TEST(operation["requestBody"]["required"] == false);
  BOOST_TEST(operation["requestBody"]["content"]["application/json"]["example"]["a"] == 1);
  const json& content = operation["responses"]["200"]["content"];
  BOOST_TEST(content["application/json"]["schema"]["$ref"] == "#/components/schemas/List");
  BOOST_TEST(content["application/json"]["example"]["items"][0] == "a");
  BOOST_TEST(content["text/plain"]["example"] == "a b");
  BOOST_TEST(operation["responses"]["404"]["description"] == "Not Found");
}

BOOST_AUTO_TEST_CASE(the_page_needs_nothing_from_the_network) {
  const running_server server(local(), documented_routes());
  raw_client client(server.port());
  const raw_answer answer = client.ask(get("/docs"));
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(answer.header("Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(answer.header("Content-Security-Policy").find("default-src 'none'") == 0U);
  BOOST_TEST(answer.body == docs_page());
  BOOST_TEST(client.ask(get("/redoc")).body == docs_page());
  for (const char* external : {"http:", "https:", "\"//", "'//", "@import", "url("})
    BOOST_TEST(answer.body.find(external) == std::string::npos, external);
  BOOST_TEST(answer.body.find("fetch(\"openapi.json\"") != std::string::npos);
  BOOST_TEST(answer.body.find("</html>") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
