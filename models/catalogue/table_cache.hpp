#pragma once

#include "config/error.hpp"
#include "models/catalogue/float_table.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Where a model directory keeps what is derived from its files.
inline constexpr const char* model_cache_directory = ".winnow-cache";

/// Keeps tables that were read from CSV files, and digests of files, in a directory of its own, where they
/// load at the speed of memory. The directory is not made: without it nothing is kept. Blocking; one thread
/// at a time, but several processes may share a directory.
///
/// What is kept is used only for a file whose device, inode, size and both times are what they were, and only
/// where its checksum holds; otherwise the file itself is read, and a warning in the log says why if anything
/// was there. What was read is kept only of a file that did not change meanwhile, nor shortly before: times
/// are too coarse to tell changes in quick succession apart.
class table_cache {
public:
  /// @param at_rest For how long a file must not have changed before it is read.
  explicit table_cache(std::filesystem::path directory,
                       std::chrono::nanoseconds at_rest = std::chrono::seconds(2));

  /// As `load_float_table`, from what was kept or from the file itself; then it is kept.
  result<float_table> load(const std::filesystem::path& file) const;

  /// The digest (`file_digest`) of files one after the other.
  result<std::string> digest(const std::vector<std::filesystem::path>& files) const;

private:
  std::filesystem::path directory_; // empty: nothing is kept
  std::chrono::nanoseconds at_rest_;
};

} // namespace winnow
