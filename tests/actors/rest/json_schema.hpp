#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace winnow::test {

/// Why `value` does not fit a schema of an OpenAPI document; empty: it fits. Knows the keywords that Winnow's
/// own document uses, and refuses others, so that nothing goes unchecked.
std::string misfit(const nlohmann::json& value, const nlohmann::json& schema, const nlohmann::json& document,
                   const std::string& where = "$");

} // namespace winnow::test
