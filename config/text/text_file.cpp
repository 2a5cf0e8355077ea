#include "config/text/text_file.hpp"

#include "config/files/open_file.hpp"
#include "config/text/byte_order_mark.hpp"

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

constexpr std::size_t limit = std::size_t{1} << 20U;

/// Reads to the end, but at most one byte more than the limit. Sets `errno` if it fails.
bool read_all(int from, std::string& text) {
  text.resize(limit + 1);
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto got = ::read(from, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return false;
    if (got == 0)
      break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return true;
}

} // namespace

result<std::string> read_text_file(const std::filesystem::path& file) {
  const auto opened = open_for_reading(file, file_kinds::anonymous_pipes_too);
  if (!opened) {
    std::error_code unknown;
    const bool is_directory = std::filesystem::is_directory(file, unknown);
    return fail(is_directory ? fault::invalid_argument : opened.error().cause, opened.error().message);
  }
  std::string text;
  const bool read = read_all(*opened, text);
  const int reason = errno;
  ::close(*opened);
  if (!read)
    return fail(fault::io_error, file.string() + ": cannot read: " + std::generic_category().message(reason));
  if (text.size() > limit)
    return fail(fault::too_large, file.string() + ": expected at most 1 MiB, got more");
  text.erase(0, text.size() - without_byte_order_mark(text).size());
  return text;
}

} // namespace winnow
