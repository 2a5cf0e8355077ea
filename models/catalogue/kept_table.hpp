#pragma once

#include "config/error.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/files/file_stamp.hpp"

#include <filesystem>

namespace winnow {

/// Writes a table in a form that needs no parsing, with the stamp of the file that it was read from; whoever
/// reads sees all of it or what was there before.
result<void> keep_table(const std::filesystem::path& to, const file_stamp& source, const float_table& table);

/// Reads such a table.
/// @return `not_found` where there is none, `malformed` for one of another file or version of it, of another
/// form, or damaged.
result<float_table> read_kept_table(const std::filesystem::path& from, const file_stamp& source);

} // namespace winnow
