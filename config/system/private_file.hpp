#pragma once

#include "config/error.hpp"
#include "config/system/file_identity.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace winnow {

/// A file that only its user can read, and that is removed on destruction unless another file has taken its
/// place.
class private_file {
public:
  /// Writes the file with mode 0600. It appears complete, in place of a file or symbolic link of that name,
  /// which is not followed. Fails with denied, not_found or io_error; the message names the file.
  static result<private_file> create(const std::string& path, std::string_view content);

  ~private_file() { remove(); }
  private_file(private_file&& other) noexcept
      : path_(std::exchange(other.path_, {})), identity_(std::move(other.identity_)) {}
  private_file& operator=(private_file&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(identity_, other.identity_);
    return *this;
  }
  private_file(const private_file&) = delete;
  private_file& operator=(const private_file&) = delete;

  const std::string& path() const noexcept { return path_; }

private:
  private_file(std::string path, file_identity identity)
      : path_(std::move(path)), identity_(std::move(identity)) {}
  void remove() noexcept;

  std::string path_; ///< Empty: moved from.
  file_identity identity_;
};

/// Creates a directory with mode 0700, or checks the one that exists: it must be a directory of this user, or
/// of root, that nobody else can write to.
result<void> make_private_directory(const std::string& path);

} // namespace winnow
