#include "models/files/input_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

std::string system_message(int number) {
  return std::generic_category().message(number);
}

} // namespace

result<input_file> input_file::open(const std::filesystem::path& path, file_kinds allowed) {
  const auto descriptor = open_for_reading(path, allowed);
  if (!descriptor)
    return tl::unexpected(descriptor.error());
  const auto name = path.string();
  auto* raw = ::fdopen(*descriptor, "rb");
  if (raw == nullptr) {
    const int reason = errno;
    ::close(*descriptor);
    return fail(fault::io_error, name + ": cannot open: " + system_message(reason));
  }
  input_file opened(name, raw);
  // Callers have large buffers of their own; another one here would only add a copy.
  std::setvbuf(raw, nullptr, _IONBF, 0);
  struct stat status = {};
  if (::fstat(*descriptor, &status) != 0)
    return fail(fault::io_error, name + ": cannot stat: " + system_message(errno));
  opened.size_ = static_cast<std::uint64_t>(status.st_size);
  return opened;
}

result<std::size_t> input_file::read(char* into, std::size_t capacity) {
  const auto got = std::fread(into, 1, capacity, file_.get());
  if (got < capacity && std::ferror(file_.get()) != 0)
    return fail(fault::io_error, name_ + ": cannot read: " + system_message(errno));
  return got;
}

result<void> expect_regular_file(const std::filesystem::path& path) {
  if (const auto opened = input_file::open(path); !opened)
    return tl::unexpected(opened.error());
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
