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
  std::string problem; ///< Why this line cannot be used; empty if it can.
};

/// Reads a config file: `key = value` lines in TOML syntax, `#` comments, no sections. An invalid line
/// becomes an entry with a problem, so that all errors can be reported at once. Fails only if the file cannot
/// be read.
result<std::vector<config_entry>> read_config_file(const std::filesystem::path& file);

/// The same for text in memory.
std::vector<config_entry> parse_config_text(std::string_view text);

} // namespace winnow
