#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>

namespace winnow {

/// The whole of a small text file (at most 1 MiB), without a byte order mark. Errors name the file.
result<std::string> read_text_file(const std::filesystem::path& file);

} // namespace winnow
