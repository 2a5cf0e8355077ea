#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// Formats a trace for reading: times, the list with each stage's score and rank, and DIN's attention on the
/// history. Items that are not on the list are only in the JSON form.
std::vector<std::string> trace_lines(const nlohmann::json& trace);

} // namespace winnow
