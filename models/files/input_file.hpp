#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace winnow {

/// A regular file that is read from front to back. Blocking; one thread at a time.
class input_file {
public:
  /// @return `not_found` if the path does not exist, `io_error` if it is not a readable regular file.
  static result<input_file> open(const std::filesystem::path& path);

  /// Fills `into` with up to `capacity` bytes and returns how many: fewer only at the end, then 0.
  result<std::size_t> read(char* into, std::size_t capacity);

  /// Makes the next read start at the first byte.
  result<void> rewind();

  std::uint64_t size() const { return size_; } ///< In bytes, when the file was opened.

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  input_file(std::string name, std::FILE* file) : name_(std::move(name)), file_(file) {}

  std::string name_;
  std::unique_ptr<std::FILE, closer> file_;
  std::uint64_t size_ = 0;
};

/// Returns the whole content of a file, or `too_large` if it has more than `max_bytes`.
result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

} // namespace winnow
