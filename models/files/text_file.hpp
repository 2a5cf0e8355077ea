#pragma once

#include "models/files/gzip_data.hpp"
#include "models/files/input_file.hpp"

#include <memory>

namespace winnow {

/// A text file that is read from front to back. A gzip file, recognised by its first two bytes, is
/// decompressed on the fly if `open` is called with `gzip_too`; a pipe is read then, too. Blocking; one
/// thread at a time.
class text_file {
public:
  enum class packing { as_it_is, gzip_too };

  /// @return `not_found` if the path does not exist, `io_error` if it is not a file that can be read.
  static result<text_file> open(const std::filesystem::path& path, packing allowed = packing::as_it_is);

  /// Fills `into` with up to `capacity` bytes of text and returns how many: fewer only at the end, then 0.
  /// @return `malformed` if the gzip data is damaged or truncated, or if something else follows it.
  result<std::size_t> read(char* into, std::size_t capacity);

  /// The file's size on disk in bytes, i.e. compressed if it is gzip.
  std::uint64_t size() const { return file_.size(); }

private:
  explicit text_file(input_file file) : file_(std::move(file)) {}

  input_file file_;
  std::unique_ptr<gzip_data> gzip_; // null unless gzip is allowed
};

} // namespace winnow
