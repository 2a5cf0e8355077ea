#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The lines of `winnowctl models list`.
std::vector<std::string> models_lines(const nlohmann::json& answer);

/// The lines of `winnowctl models report`: one report, or all.
std::vector<std::string> report_lines(const nlohmann::json& answer);

/// The lines that say what an action did.
std::vector<std::string> steered_lines(const nlohmann::json& answer);

} // namespace winnow
