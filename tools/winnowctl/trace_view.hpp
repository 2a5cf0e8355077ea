#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// A trace for the eye: times, the list with every stage's score and place, and where the attention went.
/// What did not make it to the list is left to the JSON form.
std::vector<std::string> trace_lines(const nlohmann::json& trace);

} // namespace winnow
