#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow {

/// Whether a character steers a terminal: one of C0 (U+0000 to U+001F), DEL, or C1 (U+0080 to U+009F).
constexpr bool is_control(std::uint32_t character) noexcept {
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

/// Whether a character changes the direction in which what follows is shown.
constexpr bool changes_direction(std::uint32_t character) noexcept {
  return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}

/// Returns how many bytes the character at the front of a UTF-8 text has if it is a control; else 0.
std::size_t control_at_front(std::string_view text) noexcept;

/// Returns how many bytes it has if it changes the direction; else 0.
std::size_t direction_at_front(std::string_view text) noexcept;

/// Whether a UTF-8 text has a control character.
bool has_control(std::string_view text) noexcept;

} // namespace winnow
