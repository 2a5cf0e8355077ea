#pragma once

#include "config/settings/settings_reader.hpp"

#include <filesystem>
#include <string>

namespace winnow {

/// What a program should do, according to its command line and settings.
struct startup_request {
  enum class kind { run, help, version, check_config, print_config, check_store, invalid };
  kind action = kind::run;
  /// Whole lines to print: for `invalid` to standard error, else to standard output. Empty for `run` and
  /// `check_store`.
  std::string text;
  int exit_code = 0;         ///< For the actions with a text; 78 for `invalid`.
  loaded_settings loaded;    ///< For all but `help`, `version` and `invalid`.
  bool checks_store = false; ///< For `check_config` and `print_config`: whether to check the store behind it.
};

/// Reads all settings of a program. Called once, at the start of `main`, before anything else. Opens only the
/// config file and the `.env` file, which it looks for in `directory`.
startup_request read_settings(const program_info& program, int argc, const char* const* argv,
                              const environment& variables, const std::filesystem::path& directory = ".");

} // namespace winnow
