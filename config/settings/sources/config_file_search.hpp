#pragma once

#include "config/settings/sources/env_file_search.hpp"

#include <optional>
#include <string>

namespace winnow {

/// The config file of a program.
struct named_config_file {
  std::string file;   ///< Empty: none is named; of a flag, that is a mistake.
  std::string source; ///< What names it, for messages.
};

/// Finds the name of the config file in the strongest source that has one: flag, environment, `.env` file.
/// @param flag Of `--config`; nullopt: it was not given.
named_config_file find_config_file(const std::optional<std::string>& flag, const env_variables& variables,
                                   const found_env_file& env);

} // namespace winnow
