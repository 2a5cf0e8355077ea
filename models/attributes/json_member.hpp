#pragma once

#include "config/error.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace winnow {

/// A short form of a JSON value, for messages.
inline std::string shown_json(const nlohmann::json& value) {
  constexpr std::size_t longest = 60;
  auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return text.size() <= longest ? text : text.substr(0, longest) + "…";
}

/// The error for a member of a JSON object that has a value of another kind.
inline tl::unexpected<error> expected_member(const std::string& member, const std::string& what,
                                             const nlohmann::json& got) {
  return fail(fault::malformed, member + ": expected " + what + ", got " + shown_json(got));
}

} // namespace winnow
