#pragma once

#include "config/settings/sources/env_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow {

/// The `.env` file of a program.
struct found_env_file {
  std::string name; ///< As it was named, for messages.
  std::vector<env_entry> entries;
  std::string warning; ///< Why it is ignored; empty if it is not, or if there is none.
  std::string problem; ///< Why the program must not go on without it; empty if it may.

  std::string place_of(const env_entry& entry) const {
    return name + ":" + std::to_string(entry.line) + " " + entry.name;
  }
};

/// Reads the file that `ENV_FILE` names, else `.env` in `directory` if it exists.
found_env_file find_env_file(const env_variables& variables, const std::filesystem::path& directory);

/// Whether `ENV_FILE` names a file.
bool names_env_file(const env_variables& variables);

} // namespace winnow
