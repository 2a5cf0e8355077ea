#pragma once

#include <nlohmann/json.hpp>

namespace winnow {

/// The component schemas of the OpenAPI document, by the names that the routes use.
nlohmann::ordered_json rest_schemas();

} // namespace winnow
