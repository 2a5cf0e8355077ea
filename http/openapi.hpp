#pragma once

#include "http/router.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace winnow::http {

/// Which requests need a bearer token.
enum class token_need {
  of_none,
  of_most, ///< All but probes and pages that show no data, see `route::without_token`.
  of_all,
};

/// The parts of an OpenAPI document that do not come from the routes.
struct api_info {
  std::string title;
  std::string version;
  std::string description;
  nlohmann::ordered_json schemas = nlohmann::ordered_json::object(); ///< `components.schemas`, by name.
  token_need tokens = token_need::of_none;
};

/// The OpenAPI 3.1 document of exactly these routes. Every operation also gets a `default` answer for the
/// errors that the server itself sends, with the schema `Error`, which is added if `info` has none. Throws
/// nlohmann::json::exception if the schema or example of a route is not JSON, which is a bug in the program.
nlohmann::ordered_json openapi_document(const router& routes, const api_info& info);

/// Adds `GET /openapi.json`, `GET /docs` and `GET /redoc`, which the document includes. Browsers open a page
/// without a token, so the page, which shows nothing without the document, needs none; it asks for the one
/// that it then sends for the document. Called after all other routes are added.
void add_documentation(router& routes, const api_info& info);

} // namespace winnow::http
