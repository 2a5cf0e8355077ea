#pragma once

#include <string>
#include <utility>

namespace winnow {

/// Tells a file from one that took its place. It holds the file open: a file system may give the inode of a
/// deleted file to the next one, and ext4 does so at once.
class file_identity {
public:
  /// Of no file.
  file_identity() = default;

  /// Of what is at `path` now: a file of any kind; a symbolic link itself. Of no file if it cannot be opened.
  explicit file_identity(const std::string& path);

  ~file_identity();
  file_identity(file_identity&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  file_identity& operator=(file_identity&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  file_identity(const file_identity&) = delete;
  file_identity& operator=(const file_identity&) = delete;

  /// False if this is of no file.
  explicit operator bool() const noexcept { return file_ >= 0; }

  /// Whether this very file is at `path`.
  bool is_at(const std::string& path) const noexcept;

private:
  int file_ = -1; ///< A descriptor; -1: of no file.
};

} // namespace winnow
