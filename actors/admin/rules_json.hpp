#pragma once

#include "actors/status/rules_board.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The body of GET /rules: what is in force, each rule in words, those that are not applied, and
/// the fault of the last reading.
std::string rules_json(const rules_board::report& report);

/// The rules of a placement, or those for all lists if it is empty: the path of each, and its words.
/// @param left_out As of `rules_board::report`; of these rules, the words say that they are not applied, and
///   why.
nlohmann::ordered_json rules_array(const shop_rules& rules, std::string_view placement,
                                   const std::vector<std::string>& left_out = {});

} // namespace winnow
