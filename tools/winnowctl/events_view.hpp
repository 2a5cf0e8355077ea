#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// What happened, a line an event, oldest first, with local times: `12:00:00 error  din_ranker  actor died
/// (3 times since 11:59:58)  reason=…`.
std::vector<std::string> event_lines(const nlohmann::json& told);

} // namespace winnow
