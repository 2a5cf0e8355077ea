#pragma once

#include "config/error.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace winnow {

/// A file that is written from front to back under a temporary name, and takes its own when it is complete:
/// nobody ever reads half of it. What is not closed is removed. Blocking.
class output_file {
public:
  /// @return `io_error` where it cannot be created; missing folders above it are made.
  static result<output_file> create(const std::filesystem::path& path);
  output_file(output_file&&) noexcept = default;
  output_file& operator=(output_file&&) = delete;
  ~output_file();

  result<void> write(std::string_view bytes);

  /// Flushes to the disk, and gives the file its name.
  result<void> close();

  const std::filesystem::path& path() const { return path_; }

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  output_file(std::filesystem::path path, std::filesystem::path draft, std::FILE* file)
      : path_(std::move(path)), draft_(std::move(draft)), file_(file) {}
  tl::unexpected<error> refuse(const char* what) const;
  tl::unexpected<error> give_up(const char* what) const; ///< Removes the draft as well.

  std::filesystem::path path_, draft_;
  std::unique_ptr<std::FILE, closer> file_;
};

/// Writes a whole file so.
result<void> write_file(const std::filesystem::path& path, std::string_view bytes);

} // namespace winnow
