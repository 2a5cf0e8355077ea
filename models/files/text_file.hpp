#pragma once

#include "models/files/input_file.hpp"

struct gzFile_s; // of zlib

namespace winnow {

/// A file of text that is read from front to back; one that gzip wrote is inflated on the way, told by its
/// first two bytes. Blocking; one thread at a time.
class text_file {
public:
  enum class packing { as_it_is, gzip_too };

  /// @return `not_found` where nothing is there, `io_error` for what is no readable regular file.
  static result<text_file> open(const std::filesystem::path& path, packing allowed = packing::as_it_is);

  /// Fills `into` with up to `capacity` bytes of text; fewer only at the end, 0 after it.
  /// @return `malformed` for damaged or truncated gzip.
  result<std::size_t> read(char* into, std::size_t capacity);

  std::uint64_t size() const { return file_.size(); } ///< Of the file as it stands on the disk, in bytes.

private:
  struct closer {
    void operator()(gzFile_s* file) const;
  };

  text_file(std::string name, input_file file) : name_(std::move(name)), file_(std::move(file)) {}

  tl::unexpected<error> refuse_gzip();

  std::string name_;
  input_file file_;
  std::unique_ptr<gzFile_s, closer> gzip_; // only of a gzip file
};

} // namespace winnow
