#include "models/files/text_file.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <zlib.h>

namespace winnow {

namespace {

constexpr unsigned gzip_buffer_bytes = 256U << 10U;

} // namespace

void text_file::closer::operator()(gzFile_s* file) const {
  gzclose(file);
}

result<text_file> text_file::open(const std::filesystem::path& path, packing allowed) {
  const bool plain = allowed == packing::as_it_is;
  auto file = input_file::open(path, plain ? file_kinds::regular : file_kinds::pipes_too);
  if (!file)
    return tl::unexpected(file.error());
  text_file text(path.string(), std::move(*file));
  if (plain)
    return text;
  const auto descriptor = text.file_.duplicate();
  if (!descriptor)
    return tl::unexpected(descriptor.error());
  // Passes text that is not gzip through unchanged, and need not go back for that: a pipe cannot.
  text.gzip_.reset(gzdopen(*descriptor, "rb"));
  if (!text.gzip_) {
    ::close(*descriptor);
    return fail(fault::io_error, text.name_ + ": cannot open: " + std::generic_category().message(ENOMEM));
  }
  gzbuffer(text.gzip_.get(), gzip_buffer_bytes);
  return text;
}

result<std::size_t> text_file::read(char* into, std::size_t capacity) {
  if (!gzip_)
    return file_.read(into, capacity);
  const auto got = gzread(gzip_.get(), into, static_cast<unsigned>(capacity));
  if (got < 0)
    return refuse_gzip();
  // For a truncated file, gzread returns the available bytes as if all were well; only gzerror reports the
  // damage.
  auto status = Z_OK;
  gzerror(gzip_.get(), &status);
  if (status != Z_OK && status != Z_STREAM_END)
    return refuse_gzip();
  return static_cast<std::size_t>(got);
}

tl::unexpected<error> text_file::refuse_gzip() {
  auto status = Z_OK;
  const char* message = gzerror(gzip_.get(), &status);
  if (status == Z_ERRNO)
    return fail(fault::io_error, name_ + ": cannot read: " + std::generic_category().message(errno));
  return fail(fault::malformed, name_ + ": damaged gzip: " + message);
}

} // namespace winnow
