#pragma once

#include "config/settings/setting_origins.hpp"
#include "config/settings/settings.hpp"
#include "config/settings/sources/command_line.hpp"
#include "config/settings/sources/process_environment.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow {

/// The settings, and the origin of each in the order of the help.
struct loaded_settings {
  settings values;
  std::vector<setting_origin> origins;
  std::vector<std::string> warnings; ///< What was ignored, and why; each names its source.
};

/// The settings, or all errors in them. Each error names source, key, the expected value and the actual one.
struct settings_reading {
  loaded_settings loaded;          ///< Valid only if there are no errors.
  std::vector<std::string> errors; ///< Empty: the settings are valid.
};

/// Combines all sources; precedence is flag > environment > `.env` > config file > default. The `.env` file
/// is the one that `ENV_FILE` names, else `.env` in `directory` if it exists.
settings_reading combine_settings(const command_line& flags, const environment& variables,
                                  const std::filesystem::path& directory);

} // namespace winnow
