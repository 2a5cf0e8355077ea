#pragma once

#include "models/files/file_stamp.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// What some files were at one moment. Tells afterwards whether everything that was read from them since then
/// belongs to one state of them. Blocking.
///
/// Compares stamps. Files that had changed shortly before are hashed as well, because file times are too
/// coarse to distinguish changes in quick succession.
class file_snapshot {
public:
  /// @param files Some may be missing: it is a change if they are there later.
  /// @param at_rest Files that have not changed for this long are not hashed.
  explicit file_snapshot(const std::vector<std::filesystem::path>& files,
                         std::chrono::nanoseconds at_rest = std::chrono::seconds(2));

  /// Returns the first file that was changed, replaced, added or removed since; nullopt if none was.
  std::optional<std::filesystem::path> changed() const;

private:
  struct entry {
    std::filesystem::path file;
    std::optional<file_stamp> stamp;
    std::optional<std::string> digest; ///< Only of files that changed shortly before.
  };
  std::vector<entry> entries_;
};

} // namespace winnow
