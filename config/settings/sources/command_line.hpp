#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// Name and description of a program, for its help and version texts.
struct program_info {
  std::string name;        ///< E.g. `winnowd`.
  std::string description; ///< One sentence, for the help.
};

/// A parsed command line whose values are not validated yet.
struct command_line {
  bool help = false;
  bool version = false;
  bool check_config = false;
  bool print_config = false;
  bool check_store = false;
  std::optional<std::string> config_file;
  std::vector<std::pair<std::size_t, std::string>> values; ///< Index in the setting table, and the text.
  std::vector<std::string> problems;                       ///< Unknown flags, missing values.
};

command_line parse_command_line(const program_info& program, int argc, const char* const* argv);

/// The output of `--help`: all flags in groups, with value, default, range and environment name.
std::string help_text(const program_info& program);

} // namespace winnow
