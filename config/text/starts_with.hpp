#pragma once

#include <string_view>

namespace winnow {

/// Whether a text begins with `prefix`; each text begins with the empty one. C++20 has this as a member.
constexpr bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.substr(0, prefix.size()) == prefix;
}

} // namespace winnow
