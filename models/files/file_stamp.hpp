#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace winnow {

/// File metadata that shows, without reading the file, whether it was changed or replaced.
struct file_stamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0; ///< Nanoseconds since 1970.
  std::int64_t changed = 0;  ///< The same for the inode (ctime), which programs cannot set back.

  bool operator==(const file_stamp& other) const;
  bool operator!=(const file_stamp& other) const { return !(*this == other); }

  /// Whether the file has not changed for at least `duration`.
  bool at_rest(std::chrono::nanoseconds duration) const;
};

/// @return nullopt if the file cannot be examined (`stat` fails).
std::optional<file_stamp> stamp_of(const std::filesystem::path& file);

} // namespace winnow
