#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace winnow::test {

/// Returns why `value` does not match a schema of an OpenAPI document; empty if it matches. Supports the
/// keywords that Winnow's own document uses. Any other keyword is a mismatch, so that no constraint is
/// skipped silently.
std::string misfit(const nlohmann::json& value, const nlohmann::json& schema, const nlohmann::json& document,
                   const std::string& where = "$");

} // namespace winnow::test
