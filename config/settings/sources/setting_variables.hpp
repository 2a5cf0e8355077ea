#pragma once

#include "config/settings/table/setting_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The variable that names the config file.
inline constexpr std::string_view config_variable = "WINNOW_CONFIG";

/// The setting that a variable of the environment or of the `.env` file sets; null if it sets none.
const setting* setting_of(std::string_view variable);

/// The text of a variable that sets `known`: without the blanks and line ends around it, unless they belong
/// to the value, as in a password or the name of a file.
std::string_view variable_text(const setting& known, std::string_view text);

/// Whether a variable with this text sets `known`. An empty one does only if empty is a value.
bool is_set_by(const setting& known, std::string_view text);

/// The names of all variables that are read.
std::vector<std::string> all_variables();

} // namespace winnow
