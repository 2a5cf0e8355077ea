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

/// A setting whose value does not go with another's.
struct setting_conflict {
  std::string_view name;
  std::string_view expected; ///< Of the other.
};

/// @param store The address that is in force.
std::vector<setting_conflict> conflicting_settings(const settings& all, const store_address& store);

} // namespace winnow
