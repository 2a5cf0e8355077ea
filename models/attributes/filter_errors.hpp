#pragma once

#include "models/attributes/json_member.hpp"

#include <string>

namespace winnow {

/// Private to `item_filter`.

/// The error for a member of a filter that has a value of another kind.
inline tl::unexpected<error> expected_in_filter(const std::string& member, const char* what,
                                                const nlohmann::json& got) {
  return expected_member("filter: " + member, what, got);
}

/// The error for something else than a comparison.
inline tl::unexpected<error> expected_comparison(const std::string& attribute, const nlohmann::json& got) {
  return expected_in_filter(attribute, "gt, gte, lt, lte, eq, ne or in", got);
}

} // namespace winnow
