#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// What a program says of itself.
struct program_info {
  std::string name;        ///< E.g. `winnowd`.
  std::string description; ///< One sentence, for the help.
};

/// A command line, split up but not judged.
struct command_line {
  bool help = false;
  bool version = false;
  bool check_config = false;
  bool print_config = false;
  std::optional<std::string> config_file;
  std::vector<std::pair<std::size_t, std::string>> values; ///< Index in the setting table, text as given.
  std::vector<std::string> problems;                       ///< Unknown flags, missing values.
};

command_line parse_command_line(const program_info& program, int argc, const char* const* argv);

/// What `--help` prints: every flag with its value, default, range and environment name, in groups.
std::string help_text(const program_info& program);

} // namespace winnow
