#pragma once

#include "config/error.hpp"
#include "models/online/taken_watch.hpp"

#include <filesystem>

namespace winnow {

/// Writes everything that a watch knows, so that another process can go on. The file is replaced as a whole.
/// Blocking.
result<void> write_taken(const std::filesystem::path& path, const taken_watch& watch);

/// Goes on with what `write_taken` wrote.
/// @return `not_found` if there is no file; `malformed` if it is damaged, or of another format version: then
///   the watch is unchanged. Blocking.
result<void> read_taken(const std::filesystem::path& path, taken_watch& watch);

} // namespace winnow
