#include "config/text/control_characters.hpp"

namespace winnow {

namespace {

std::uint32_t byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

} // namespace

std::size_t control_at_front(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto first = byte_at(text, 0);
  if (first < 0x80)
    return is_control(first) ? 1 : 0;
  const auto second = byte_at(text, 1); // U+0080 to U+009F are C2 and the number itself
  return first == 0xC2 && second >= 0x80 && is_control(second) ? 2 : 0;
}

std::size_t direction_at_front(std::string_view text) noexcept {
  // They are among U+2000 to U+2FFF, whose three bytes are E2, and twice 10 with six bits.
  const auto second = byte_at(text, 1), third = byte_at(text, 2);
  if (byte_at(text, 0) != 0xE2 || (second & 0xC0U) != 0x80 || (third & 0xC0U) != 0x80)
    return 0;
  return changes_direction(0x2000 | ((second & 0x3FU) << 6U) | (third & 0x3FU)) ? 3 : 0;
}

bool has_control(std::string_view text) noexcept {
  for (; !text.empty(); text.remove_prefix(1))
    if (control_at_front(text) > 0)
      return true;
  return false;
}

} // namespace winnow
