#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Variables by name.
using env_variables = std::map<std::string, std::string>;

/// One `NAME=value` of a `.env` file.
struct env_entry {
  std::string name; ///< Empty only if there is a problem.
  std::string value;
  std::size_t line = 0; ///< Its first line, counted from 1.
  /// Why the line cannot be read, and so sets nothing; empty if it can. An entry with a problem may also name
  /// a variable `WINNOW_…` that a line, or a line within quotes, looks as if it should set, but does not,
  /// such as `set WINNOW_PORT=1` or `winnow_port=1`.
  std::string problem;
  /// The value begins with `#` behind blanks, as in `NAME= # text`. It is no comment, though it looks like
  /// one.
  bool looks_like_comment = false;
};

/// Reads a `.env` file as python-dotenv does: comments, `export`, single and double quotes (also across
/// lines), escapes. `${NAME}` and `${NAME:-text}` are expanded from `variables`, the environment, and from
/// the lines above. If a name repeats, the last entry counts; a name without `=` takes back those above it.
/// @return An error that names the file: as `read_text_file`; also `malformed` if the text is not UTF-8 or
/// has a NUL, and `invalid_argument` if no file can have the path, such as a link to itself.
result<std::vector<env_entry>> read_env_file(const std::filesystem::path& file,
                                             const env_variables& variables = {});

/// The same for text in memory.
std::vector<env_entry> parse_env_text(std::string_view text, const env_variables& variables = {});

} // namespace winnow
