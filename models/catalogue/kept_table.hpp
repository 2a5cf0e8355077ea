#pragma once

#include "config/error.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/files/file_stamp.hpp"

#include <filesystem>

namespace winnow {

/// Writes a table in a format that needs no parsing, together with the stamp of its source file. The file is
/// replaced atomically: readers see either the old or the new content.
result<void> keep_table(const std::filesystem::path& to, const file_stamp& source, const float_table& table);

/// Reads a table that `keep_table` wrote.
/// @return `not_found` if there is none, `malformed` if it was made from another source file or another
/// version of it, has another format, or is damaged.
result<float_table> read_kept_table(const std::filesystem::path& from, const file_stamp& source);

} // namespace winnow
