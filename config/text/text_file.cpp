#include "config/text/text_file.hpp"

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <system_error>

namespace winnow {

result<std::string> read_text_file(const std::filesystem::path& file) {
  constexpr std::size_t limit = 1u << 20u;
  std::error_code failure;
  if (std::filesystem::is_directory(file, failure))
    return fail(fault::invalid_argument, file.string() + ": expected a file, got a directory");
  std::ifstream input(file, std::ios::binary);
  if (!input)
    return fail(errno == ENOENT ? fault::not_found : fault::io_error,
                file.string() + ": " + std::generic_category().message(errno));
  std::string text(limit + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (input.bad())
    return fail(fault::io_error, file.string() + ": " + std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > limit)
    return fail(fault::too_large, file.string() + ": expected at most 1 MiB, got more");
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::string_view(text).substr(0, byte_order_mark.size()) == byte_order_mark)
    text.erase(0, byte_order_mark.size());
  return text;
}

} // namespace winnow
