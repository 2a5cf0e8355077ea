#pragma once

#include "config/text/ascii.hpp"
#include "config/text/trimmed.hpp"

#include <string_view>

namespace winnow::http {

/// The text without the blanks around it; a CR is none in HTTP.
inline std::string_view trimmed(std::string_view text) noexcept {
  return winnow::trimmed(text, blanks_of_a_line);
}

/// Removes the part before the next separator, and the separator, from `rest`. Returns the part, trimmed.
inline std::string_view next_part(std::string_view& rest, char separator) noexcept {
  const auto at = rest.find(separator);
  const std::string_view part = trimmed(rest.substr(0, at));
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

} // namespace winnow::http
