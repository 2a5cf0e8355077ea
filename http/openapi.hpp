#pragma once

#include "http/router.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace winnow::http {

/// What an OpenAPI document says besides the routes.
struct api_info {
  std::string title;
  std::string version;
  std::string description;
  nlohmann::ordered_json schemas = nlohmann::ordered_json::object(); ///< `components.schemas`, by name.
};

/// The OpenAPI 3.1 document of exactly these routes. Every operation also gets the answer that any request
/// can get from the server itself (`default`, schema `Error`, which is added to the schemas where it is
/// missing). Throws nlohmann::json::exception where a route's schema or example is not JSON: a defect of the
/// program.
nlohmann::ordered_json openapi_document(const router& routes, const api_info& info);

/// Adds `GET /openapi.json` and `GET /docs`, both in the document themselves. Call it after all other routes.
void add_documentation(router& routes, const api_info& info);

} // namespace winnow::http
