#pragma once

#include "config/settings/command_line.hpp"
#include "config/settings/settings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace winnow {

/// Environment variables by name.
using environment = std::map<std::string, std::string>;

/// The environment of this process, as it is at the call.
environment process_environment();

/// Where a setting's value came from.
struct setting_origin {
  std::string key;
  std::string value; ///< In printable form, secrets masked.
  std::string
      source; ///< `default`, `flag --port`, `environment WINNOW_PORT`, `.env:3 WINNOW_PORT`, `winnow.conf:7`.
};

/// The settings, and for each of them where it came from, in the order of the help.
struct loaded_settings {
  settings values;
  std::vector<setting_origin> origins;
};

/// Settings, or everything that is wrong with them: each error names source, key, what was expected and what
/// came.
struct settings_reading {
  loaded_settings loaded;          ///< Valid only without errors.
  std::vector<std::string> errors; ///< Empty: all is well.
};

/// Puts flag > environment > `.env` > config file > default together. The `.env` file is the one that
/// `ENV_FILE` names, else `.env` in `directory` where it exists.
settings_reading combine_settings(const command_line& flags, const environment& variables,
                                  const std::filesystem::path& directory);

} // namespace winnow
