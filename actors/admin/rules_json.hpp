#pragma once

#include "actors/status/rules_board.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace winnow {

/// The body of GET /rules: what is in force, each rule in words, and the fault of the last reading.
std::string rules_json(const rules_board::report& report);

/// The rules of a placement, or those for all lists if it is empty: the path of each, and its words.
nlohmann::ordered_json rules_array(const shop_rules& rules, std::string_view placement);

} // namespace winnow
