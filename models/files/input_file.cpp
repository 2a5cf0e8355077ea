#include "models/files/input_file.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace winnow {

namespace {

std::string system_message(int number) {
  return std::generic_category().message(number);
}

} // namespace

result<input_file> input_file::open(const std::filesystem::path& path) {
  const auto name = path.string();
  auto* raw = std::fopen(name.c_str(), "rbe");
  if (raw == nullptr) {
    const auto cause = errno == ENOENT || errno == ENOTDIR ? fault::not_found : fault::io_error;
    return fail(cause, name + ": cannot open: " + system_message(errno));
  }
  input_file opened(name, raw);
  // Callers have large buffers of their own; another one here would only add a copy.
  std::setvbuf(raw, nullptr, _IONBF, 0);
  struct stat status = {};
  if (::fstat(::fileno(raw), &status) != 0)
    return fail(fault::io_error, name + ": cannot stat: " + system_message(errno));
  if (!S_ISREG(status.st_mode))
    return fail(fault::io_error,
                name + ": expected a regular file" + (S_ISDIR(status.st_mode) ? ", got a directory" : ""));
  opened.size_ = static_cast<std::uint64_t>(status.st_size);
  return opened;
}

result<std::size_t> input_file::read(char* into, std::size_t capacity) {
  const auto got = std::fread(into, 1, capacity, file_.get());
  if (got < capacity && std::ferror(file_.get()) != 0)
    return fail(fault::io_error, name_ + ": cannot read: " + system_message(errno));
  return got;
}

result<void> input_file::rewind() {
  if (std::fseek(file_.get(), 0, SEEK_SET) != 0)
    return fail(fault::io_error, name_ + ": cannot seek: " + system_message(errno));
  return {};
}

result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  auto file = input_file::open(path);
  if (!file)
    return tl::unexpected(file.error());
  if (file->size() > max_bytes)
    return fail(fault::too_large, path.string() + ": " + std::to_string(file->size()) +
                                      " bytes, more than the limit of " + std::to_string(max_bytes));
  std::string content(file->size(), '\0');
  const auto got = file->read(content.data(), content.size());
  if (!got)
    return tl::unexpected(got.error());
  if (*got != content.size())
    return fail(fault::io_error, path.string() + ": became shorter while it was read");
  return content;
}

} // namespace winnow
