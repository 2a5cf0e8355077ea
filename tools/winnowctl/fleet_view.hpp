#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// Describes the fleet in two lines, then each replica in one, below a line of headings. One line if the
/// daemon is in no fleet.
/// @param status The answer to GET /status.
std::vector<std::string> fleet_lines(const nlohmann::json& status);

} // namespace winnow
