#pragma once

#include <optional>
#include <string_view>

namespace winnow {

/// What stands inside the brackets of a text such as `[::1]`, in which URLs write IPv6 addresses; may be
/// empty. Returns nullopt if the text is not in brackets. Does not check that it is an address.
constexpr std::optional<std::string_view> inside_brackets(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']')
    return std::nullopt;
  return text.substr(1, text.size() - 2);
}

} // namespace winnow
