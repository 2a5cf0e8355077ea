#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace winnow {

/// What tells a file that was changed or replaced from what it was, without reading it.
struct file_stamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0; ///< Nanoseconds since 1970.
  std::int64_t changed = 0;  ///< The same, of the inode: it cannot be set back.

  bool operator==(const file_stamp& other) const;
  bool operator!=(const file_stamp& other) const { return !(*this == other); }

  /// Whether the file did not change for so long.
  bool at_rest(std::chrono::nanoseconds duration) const;
};

/// @return Nothing where there is no such file.
std::optional<file_stamp> stamp_of(const std::filesystem::path& file);

} // namespace winnow
