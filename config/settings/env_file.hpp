#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// One `NAME=value` of a `.env` file.
struct env_entry {
  std::string name;
  std::string value;
  std::size_t line = 0; ///< Where it begins, from 1.
  std::string
      problem; ///< Empty, or why the value cannot be taken: the file is shared, so whose name it is decides.
};

/// Reads a `.env` file as the usual tools do: comments, `export`, single and double quotes (also over several
/// lines), escapes in double quotes. `${…}` is not expanded: such a value has a problem. Names may repeat;
/// the last one counts. Fails only where the file cannot be read.
result<std::vector<env_entry>> read_env_file(const std::filesystem::path& file);

/// The same for a text in memory.
std::vector<env_entry> parse_env_text(std::string_view text);

} // namespace winnow
