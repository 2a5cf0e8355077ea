#pragma once

#include "config/settings/setting_origins.hpp"
#include "config/settings/settings.hpp"
#include "config/settings/sources/command_line.hpp"
#include "config/settings/sources/process_environment.hpp"

#include <filesystem>
#include <string>
#include <string_view>
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

/// For programs that ask a daemon: the settings of these names as `combine_settings` finds them in the
/// environment, in the `.env` file that `ENV_FILE` names, and in the config file. Whatever is wrong with
/// other settings does not matter, and files that cannot be read are only warnings. Looks for no `.env` that
/// nobody names: operators work in any folder, also in those of others, whose `.env` must not lead them
/// elsewhere.
settings_reading read_settings_of(const std::vector<std::string_view>& names, const environment& variables);

} // namespace winnow
