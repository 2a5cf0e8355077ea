#pragma once

#include "config/text/starts_with.hpp"

#include <string_view>

namespace winnow {

/// The text without the byte order mark that some editors write before UTF-8.
inline std::string_view without_byte_order_mark(std::string_view text) noexcept {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return starts_with(text, mark) ? text.substr(mark.size()) : text;
}

} // namespace winnow
