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
  /// @return `not_found` where nothing is there, `io_error` for what is no readable regular file.
  static result<input_file> open(const std::filesystem::path& path);

  /// Fills `into` with up to `capacity` bytes; fewer only at the end of the file, 0 after it.
  result<std::size_t> read(char* into, std::size_t capacity);

  /// The next read begins at the first byte again.
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

/// The whole content of a file of at most `max_bytes`; `too_large` beyond that.
result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

} // namespace winnow
