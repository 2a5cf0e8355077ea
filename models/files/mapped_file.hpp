#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

namespace winnow {

/// The content of a regular file, mapped read-only and shared: processes that map the same file share its
/// pages, which are read from the disk when they are first touched. Immutable; unmapped on destruction.
///
/// Replacing or removing the file does not concern the mapping, which keeps the old file. **Writing to the
/// file in place does**: the content changes, and touching what was cut off ends the process with SIGBUS, as
/// does a failure of the disk. Map only files that are written aside and renamed.
class mapped_file {
public:
  /// @return `not_found` if the path does not exist, `io_error` if it is not a readable regular file or
  /// cannot be mapped. An empty file has an empty content.
  static result<std::shared_ptr<const mapped_file>> open(const std::filesystem::path& path);

  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file();

  std::string_view content() const noexcept { return {begin_, size_}; }

  /// Reads the whole file and keeps it in memory (mlock) until it is unmapped.
  /// @return `io_error` if the system refuses, with the limit that it has set.
  result<void> lock() const;

  /// Tells the system that small parts will be read, in no order, so that it does not read ahead.
  void expect_random_reads() const noexcept;

private:
  mapped_file(std::filesystem::path path, const char* begin, std::size_t size)
      : path_(std::move(path)), begin_(begin), size_(size) {}

  std::filesystem::path path_;
  const char* begin_;
  std::size_t size_;
};

} // namespace winnow
