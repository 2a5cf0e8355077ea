#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>

namespace winnow {

/// Reads a whole text file of at most 1 MiB and removes a byte order mark. Errors name the file.
result<std::string> read_text_file(const std::filesystem::path& file);

} // namespace winnow
