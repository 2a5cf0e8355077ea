#pragma once

#include "config/error.hpp"
#include "config/files/open_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow {

/// The files of which a table consists: the path itself if it is not a folder. Of a folder that Spark, Hive
/// or Hadoop wrote, its `part-…` files in the order of their names, also of sub-folders (`day=2026-01-02`).
/// Names that begin with `_` or `.` (`_SUCCESS`, `.part-00000.crc`) are left out.
/// @param allowed What the path itself may be, if it is no folder. Parts are regular files: nobody writes
/// into
///   a FIFO among them.
/// @return `not_found` if a folder has no such file, `io_error` if a file may not be read, `malformed` if the
///   job that writes it has not finished (`_temporary`).
result<std::vector<std::filesystem::path>> part_files_of(const std::filesystem::path& path,
                                                         file_kinds allowed = file_kinds::pipes_too);

/// Names of what else is in such a folder, sorted, apart from names that begin with `_` or `.`: nobody reads
/// it. Empty if the path is no folder.
std::vector<std::string> left_out_beside_parts(const std::filesystem::path& path);

} // namespace winnow
