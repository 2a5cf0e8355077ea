#pragma once

#include "config/error.hpp"
#include "config/text/json_text.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

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

/// Refuses JSON that says something twice, because half of it would have no effect.
/// @param parsed The value of the text, see `lost_member`.
inline result<void> expect_each_member_once(std::string_view text, const nlohmann::json& parsed) {
  if (const auto twice = lost_member(text, parsed))
    return fail(fault::malformed, "expected each member once, got " + shown_json(*twice) + " twice");
  return {};
}

} // namespace winnow
