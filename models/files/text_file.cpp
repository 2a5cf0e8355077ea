#include "models/files/text_file.hpp"

#include <cerrno>
#include <system_error>
#include <zlib.h>

namespace winnow {

namespace {

constexpr unsigned gzip_buffer_bytes = 256U << 10U;

} // namespace

void text_file::closer::operator()(gzFile_s* file) const {
  gzclose(file);
}

result<text_file> text_file::open(const std::filesystem::path& path, packing allowed) {
  auto file = input_file::open(path);
  if (!file)
    return tl::unexpected(file.error());
  text_file text(path.string(), std::move(*file));
  if (allowed == packing::as_it_is)
    return text;
  unsigned char magic[2] = {};
  if (auto got = text.file_.read(reinterpret_cast<char*>(magic), sizeof magic); !got)
    return tl::unexpected(got.error());
  if (auto back = text.file_.rewind(); !back)
    return tl::unexpected(back.error());
  if (magic[0] != 0x1F || magic[1] != 0x8B)
    return text;
  errno = 0;
  text.gzip_.reset(gzopen(text.name_.c_str(), "rbe"));
  if (!text.gzip_)
    return fail(fault::io_error, text.name_ + ": cannot open: " +
                                     std::generic_category().message(errno != 0 ? errno : ENOMEM));
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
