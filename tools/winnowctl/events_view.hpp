#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// Formats the answer of /events: one line per event, oldest first, with local times:
/// `2026-01-31 12:00:00 error   din_ranker          actor died (3 times since 11:59:58) reason=…`.
std::vector<std::string> event_lines(const nlohmann::json& answer);

} // namespace winnow
