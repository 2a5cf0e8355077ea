#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>

namespace winnow {

/// Reads a whole text file of at most 1 MiB and removes a byte order mark. It may be an anonymous pipe, as of
/// the shell's `<(command)`.
/// @return An error that names the file: `not_found`, `io_error`, `too_large`, or `invalid_argument` if it is
///   a directory.
result<std::string> read_text_file(const std::filesystem::path& file);

} // namespace winnow
