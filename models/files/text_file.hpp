#pragma once

#include "models/files/input_file.hpp"

struct gzFile_s; // of zlib

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
  /// @return `malformed` if the gzip data is damaged or truncated.
  result<std::size_t> read(char* into, std::size_t capacity);

  /// The file's size on disk in bytes, i.e. compressed if it is gzip.
  std::uint64_t size() const { return file_.size(); }

private:
  struct closer {
    void operator()(gzFile_s* file) const;
  };

  text_file(std::string name, input_file file) : name_(std::move(name)), file_(std::move(file)) {}

  tl::unexpected<error> refuse_gzip();

  std::string name_;
  input_file file_;
  std::unique_ptr<gzFile_s, closer> gzip_; // null unless gzip is allowed
};

} // namespace winnow
