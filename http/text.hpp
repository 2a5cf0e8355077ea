#pragma once

#include <algorithm>
#include <string_view>

namespace winnow::http {

/// ASCII lower case. The locale does not matter: header values are ASCII.
constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

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
