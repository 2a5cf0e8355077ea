#pragma once

#include "config/error.hpp"
#include "config/files/open_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace winnow {

/// A regular file, or a pipe if that is allowed, that is read from front to back. Blocking; one thread at a
/// time.
class input_file {
public:
  /// @return `not_found` if the path does not exist, `io_error` if it is not a readable regular file.
  /// The message of `io_error` names the kind. Opening waits for nobody, except for a FIFO's writer if
  /// `allowed` says so.
  static result<input_file> open(const std::filesystem::path& path, file_kinds allowed = file_kinds::regular);

  /// Fills `into` with up to `capacity` bytes and returns how many: fewer only at the end, then 0.
  result<std::size_t> read(char* into, std::size_t capacity);

  std::uint64_t size() const { return size_; } ///< In bytes, when the file was opened; 0 for a pipe.

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  input_file(std::string name, std::FILE* file) : name_(std::move(name)), file_(file) {}

  std::string name_;
  std::unique_ptr<std::FILE, closer> file_;
  std::uint64_t size_ = 0;
};

/// Refuses what is no regular file, without waiting, before it is opened by code that also reads pipes.
/// @return As `input_file::open`.
result<void> expect_regular_file(const std::filesystem::path& path);

/// Returns the whole content of a file, or `too_large` if it has more than `max_bytes`.
result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

} // namespace winnow
