#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// Formats the answer of /rules: where the rules come from, and each of them in words.
std::vector<std::string> rules_lines(const nlohmann::json& answer);

/// Formats the answer of /rules/USER: the list with the rules, then the items that are on the list only
/// without them, each with the rules that moved it.
std::vector<std::string> trial_lines(const nlohmann::json& answer);

} // namespace winnow
