#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace winnow {

/// The JSON as text. Names of directories need not be UTF-8: other bytes are replaced.
inline std::string json_text(const nlohmann::ordered_json& body) {
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace winnow
