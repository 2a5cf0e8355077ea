#include "config/text/text_encoding.hpp"

#include "config/text/quoted_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace winnow {

bool is_utf16(std::string_view text) noexcept {
  constexpr std::string_view little = "\xFF\xFE";
  constexpr std::string_view big = "\xFE\xFF";
  if (text.substr(0, 2) == little || text.substr(0, 2) == big)
    return true;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < text.size(); ++i)
    zeros[i % 2] += text[i] == '\0' ? 1 : 0;
  return (zeros[0] == 0 || zeros[1] == 0) && (zeros[0] + zeros[1]) * 4 > text.size();
}

std::string encoding_problem(const std::string& file, std::string_view text) {
  const auto end = std::min(utf8_length(text), std::min(text.find('\0'), text.size()));
  if (end == text.size())
    return {};
  if (is_utf16(text))
    return file + ": expected text in UTF-8, got UTF-16";
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  return file + ":" + std::to_string(line) + ": expected text in UTF-8, got the byte " +
         quoted_text(text.substr(end, 1));
}

} // namespace winnow
