#pragma once

#include "config/text/ascii_case.hpp"

#include <string_view>

namespace winnow::http {

using winnow::equal_ignoring_case;
using winnow::lower;

/// `text` without leading and trailing blanks.
inline std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Removes the part before the next separator, and the separator, from `rest`. Returns the part, trimmed.
inline std::string_view next_part(std::string_view& rest, char separator) noexcept {
  const auto at = rest.find(separator);
  const std::string_view part = trimmed(rest.substr(0, at));
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

} // namespace winnow::http
