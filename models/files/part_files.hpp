#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <vector>

namespace winnow {

/// The files of which a table consists: the path itself if it is not a folder. Of a folder that Spark, Hive
/// or Hadoop wrote, its `part-…` files in the order of their names, also of sub-folders (`day=2026-01-02`).
/// Names that begin with `_` or `.`
/// (`_SUCCESS`, `.part-00000.crc`) are left out.
/// @return `not_found` if a folder has no such file, `malformed` if the job that writes it has not finished
///   (`_temporary`).
result<std::vector<std::filesystem::path>> part_files_of(const std::filesystem::path& path);

} // namespace winnow
