#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <filesystem>
#include <memory>

namespace winnow {

/// Reads a file of item ids, one a line, exactly as they are; empty lines are left out. The models need not
/// know the ids. Blocking.
/// @return An error that names the file if it cannot be read, and the line (`malformed`) if that has a NUL
///   byte or is longer than an id can be.
result<std::shared_ptr<const id_table>> read_deny_list(const std::filesystem::path& file);

} // namespace winnow
