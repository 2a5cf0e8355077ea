#pragma once

#include "config/settings/table/setting_table.hpp"

#include <string>
#include <vector>

namespace winnow {

/// The source of a setting that no source sets.
inline constexpr const char* default_source = "default";

/// The settings as all sources have set them, and which source set each.
struct sourced_settings {
  settings_draft draft;
  /// By index in the setting table.
  std::vector<std::string> sources = std::vector<std::string>(setting_table().size(), default_source);
  /// By index in the setting table: whether a source set an invalid value.
  std::vector<bool> wrong = std::vector<bool>(setting_table().size(), false);
  /// By index in the setting table: whether a source set a value that was left out with a warning.
  std::vector<bool> ignored = std::vector<bool>(setting_table().size(), false);
};

/// Compares the settings with each other. Lowers defaults that are larger than a setting allows.
/// @return An error for each setting that does not go with the others.
std::vector<std::string> check_settings(sourced_settings& all);

} // namespace winnow
