#pragma once

#include "config/settings/settings.hpp"

#include <string_view>
#include <vector>

namespace winnow {

/// A setting that has no effect, or a dangerous one, without another.
struct setting_need {
  std::string_view name;
  std::string_view needed; ///< The name of the other setting.
};

/// The settings that are set although the one that they need is not.
std::vector<setting_need> incomplete_settings(const settings& all);

} // namespace winnow
