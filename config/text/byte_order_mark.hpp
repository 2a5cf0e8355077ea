#pragma once

#include <string_view>

namespace winnow {

/// The text without the byte order mark that some editors write before UTF-8.
inline std::string_view without_byte_order_mark(std::string_view text) noexcept {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.substr(0, mark.size()) == mark ? text.substr(mark.size()) : text;
}

} // namespace winnow
