#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The lines of `winnowctl experiments`.
std::vector<std::string> experiments_lines(const nlohmann::json& answer);

/// The lines of `winnowctl experiments start` and `stop`.
std::vector<std::string> experiment_lines(const nlohmann::json& answer);

} // namespace winnow
