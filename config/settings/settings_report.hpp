#pragma once

#include "config/settings/settings_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Every setting with its value and where it came from, in the form of a config file. What a config file
/// should not repeat (masked values, an address put together from its parts) stands in comments.
std::string settings_report(const loaded_settings& loaded);

/// All that is wrong with the settings, a line each, under a line that counts them.
std::string error_report(std::string_view program, const std::vector<std::string>& errors);

} // namespace winnow
