#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// Formats the answer of /slow: two lines per request, the oldest first. The second one has the time of each
/// step.
std::vector<std::string> slow_lines(const nlohmann::json& answer);

} // namespace winnow
