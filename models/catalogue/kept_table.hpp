#pragma once

#include "config/error.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/files/file_stamp.hpp"

#include <filesystem>

namespace winnow {

/// Writes a table in a format that is used where it lies, mapped into memory, together with the stamp of its
/// source file. The file is replaced atomically and read-only: readers see either the old or the new content.
result<void> keep_table(const std::filesystem::path& to, const file_stamp& source, const float_table& table);
result<void> keep_rows(const std::filesystem::path& to, const file_stamp& source, const row_table& table);

/// Maps a table that `keep_table` wrote, and checks all of it.
/// @param lock Keeps it in memory as well (mlock). If the system refuses, the log says why.
/// @return `not_found` if there is none, `malformed` if it was made from another source file or another
/// version of it, has another format, or is damaged.
result<float_table> read_kept_table(const std::filesystem::path& from, const file_stamp& source,
                                    bool lock = false);

/// Maps a table that `keep_rows` wrote. Of a table of more than 64 MB, checks the structure and a sample of
/// 32 MB alone, unless it is locked, so that its size does not delay the start. Damage elsewhere makes single
/// rows wrong or ids unknown, and nothing worse.
/// @param wanted `malformed` if the table was kept in another precision.
result<row_table> read_kept_rows(const std::filesystem::path& from, const file_stamp& source,
                                 table_precision wanted, bool lock = false);

} // namespace winnow
