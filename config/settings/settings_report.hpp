#pragma once

#include "config/settings/settings_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Lists every setting with its value and source, in the form of a config file. Lines that a config file
/// should not repeat are comments: masked values, and values that come from other settings or the model
/// directory.
std::string settings_report(const loaded_settings& loaded);

/// Lists all errors in the settings, one per line, below a line with their number.
std::string error_report(std::string_view program, const std::vector<std::string>& errors);

} // namespace winnow
