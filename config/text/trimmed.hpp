#pragma once

#include <string_view>

namespace winnow {

/// What separates words on a line.
inline constexpr std::string_view blanks_of_a_line = " \t";

/// The text without the blanks around it, which are these characters.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r") noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace winnow
