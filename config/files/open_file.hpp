#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string_view>
#include <sys/stat.h>

namespace winnow {

/// What may be opened for reading.
enum class file_kinds {
  regular,             ///< Regular files only.
  anonymous_pipes_too, ///< Also /dev/null and a pipe without a name, such as that of the shell's
                       ///< `<(command)`.
  pipes_too,           ///< These and a FIFO; opening it waits for a writer.
};

/// Opens a file for reading. Never waits, as opening a FIFO does, unless `pipes_too` is allowed.
/// @return A descriptor that the caller closes. `not_found` if the path does not exist; `io_error` if it
/// cannot
///   be opened or is of another kind; the message names the path and the kind.
result<int> open_for_reading(const std::filesystem::path& path, file_kinds allowed = file_kinds::regular);

/// Creates or empties a regular file, or opens a character device, for writing. Never waits for a reader, as
/// opening a FIFO does.
/// @return A descriptor that the caller closes, or `io_error`, whose message names the path and the kind.
result<int> open_for_writing(const std::filesystem::path& path);

/// The kind of a file, for messages: `a directory`, `a FIFO`, `a socket`, `a device`, `a regular file`.
std::string_view kind_of(const struct stat& status) noexcept;

} // namespace winnow
