#pragma once

#include "config/error.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/input_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace winnow {

/// Writes the parts and a checksum of them, for `checked_file` to read. Readers see all of it or the previous
/// file.
result<void> write_checked(const std::filesystem::path& to, std::vector<std::string_view> parts);

/// Reads a file of `write_checked` from front to back. Blocking; one thread at a time.
class checked_file {
public:
  /// @return `not_found` if the path does not exist, `io_error` if it is not a readable regular file.
  static result<checked_file> open(const std::filesystem::path& from);

  std::uint64_t file_size() const { return file_.size(); }

  /// What a file of these many bytes of parts has.
  static constexpr std::uint64_t size_with_checksum(std::uint64_t bytes) { return bytes + checksum_bytes; }

  /// Fills a string or vector. Returns false if the file ends too early.
  template<class Container>
  bool fill(Container& into) {
    return read(reinterpret_cast<char*>(into.data()), into.size() * sizeof(into[0]));
  }

  /// Fills a value that may be copied byte by byte. Returns false if the file ends too early.
  template<class Value>
  bool fill_value(Value& into) {
    return read(reinterpret_cast<char*>(&into), sizeof into);
  }

  /// Reads the checksum. Returns false if it is not that of all that was read.
  bool ends_as_checked();

  /// Returns the error `malformed` with the file's name and a reason.
  tl::unexpected<error> refuse(const char* reason) const;

private:
  static constexpr std::uint64_t checksum_bytes = 16;

  checked_file(std::filesystem::path from, input_file file)
      : from_(std::move(from)), file_(std::move(file)) {}
  bool read(char* into, std::size_t bytes);

  std::filesystem::path from_;
  input_file file_;
  file_digest digest_;
};

} // namespace winnow
