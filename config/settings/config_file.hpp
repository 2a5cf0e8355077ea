#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// One `key = value` of the config file.
struct config_entry {
  std::string key;
  std::string value; ///< The items of an array are joined with commas.
  std::size_t line = 0;
  std::string problem; ///< Empty, or why this line cannot be taken.
};

/// Reads a config file: `key = value` lines as TOML writes them, `#` comments, no sections. Everything that
/// is wrong with a line is a problem of that line, so that all of them can be told at once. Fails where the
/// file cannot be read.
result<std::vector<config_entry>> read_config_file(const std::filesystem::path& file);

/// The same for a text in memory.
std::vector<config_entry> parse_config_text(std::string_view text);

} // namespace winnow
