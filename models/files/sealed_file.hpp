#pragma once

#include "config/error.hpp"
#include "models/files/mapped_file.hpp"

#include <cstdint>
#include <filesystem>
#include <gsl/span>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Returns what follows the parts in a sealed file: a checksum of each MB of them, and the seal, which is a
/// checksum of these and of the size.
std::string seal_of(gsl::span<const std::string_view> parts);

/// Writes the parts and their seal, for `sealed_file` to map. The file is synced to disk and then renamed:
/// readers, also after a power failure, see all of it or the previous file. It is read-only, because writing
/// to a mapped file in place would harm the processes that map it.
result<void> write_sealed(const std::filesystem::path& to, const std::vector<std::string_view>& parts);

/// A mapped file of `write_sealed`. Opening it reads the seal alone, so it takes no longer for a large file.
class sealed_file {
public:
  /// @return `not_found` if the path does not exist, `io_error` if it cannot be mapped, `malformed` if it is
  /// cut off, was not written by `write_sealed`, or the seal does not match.
  static result<sealed_file> open(const std::filesystem::path& from);

  /// The parts, one after the other. Valid as long as `file()`.
  std::string_view body() const noexcept { return body_; }
  const std::shared_ptr<const mapped_file>& file() const noexcept { return file_; }

  /// Returns whether the whole body is what was written. Reads all of it.
  bool is_whole() const;

  /// Returns whether the first MB, the last, and some between them are what was written; of up to 64 MB, all.
  bool seems_whole() const;

  /// Returns the error `malformed` with the file's name and a reason.
  tl::unexpected<error> refuse(const char* reason) const;

private:
  sealed_file(std::filesystem::path from, std::shared_ptr<const mapped_file> file)
      : from_(std::move(from)), file_(std::move(file)) {}
  bool find_seal();
  std::size_t blocks() const noexcept;
  bool matches(std::size_t block) const;

  std::filesystem::path from_;
  std::shared_ptr<const mapped_file> file_;
  std::string_view body_, sums_;
};

} // namespace winnow
