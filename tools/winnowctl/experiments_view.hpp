#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The lines of `winnowctl experiments`.
std::vector<std::string> experiments_lines(const nlohmann::json& answer);

} // namespace winnow
