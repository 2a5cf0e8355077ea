#include "config/text/quoted_text.hpp"

#include "config/text/control_characters.hpp"

#include <cstdint>

namespace winnow {

namespace {

struct code_point {
  std::uint32_t value = 0;
  std::size_t length = 0; ///< In bytes; 0: not UTF-8.
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead < 0xE0)
    return 2;
  if (lead >= 0xE0 && lead < 0xF0)
    return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Refuses overlong forms, surrogates and values above U+10FFFF.
bool is_allowed(std::uint32_t value, std::size_t length) {
  if (length == 3)
    return value >= 0x800 && (value < 0xD800 || value > 0xDFFF);
  return length < 3 || (value >= 0x10000 && value <= 0x10FFFF);
}

code_point decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto length = sequence_length(lead);
  if (length == 0 || length > text.size())
    return {};
  std::uint32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0u) != 0x80u)
      return {};
    value = (value << 6u) | (byte & 0x3Fu);
  }
  return is_allowed(value, length) ? code_point{value, length} : code_point{};
}

void append_byte(std::string& line, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  line.append("\\x");
  line += digits[byte >> 4u];
  line += digits[byte & 15u];
}

bool append_short_escape(std::string& line, std::uint32_t value) {
  switch (value) {
  case '"':
    line.append("\\\"");
    return true;
  case '\\':
    line.append("\\\\");
    return true;
  case '\n':
    line.append("\\n");
    return true;
  case '\r':
    line.append("\\r");
    return true;
  case '\t':
    line.append("\\t");
    return true;
  default:
    return false;
  }
}

bool is_harmless(std::uint32_t value) {
  return !is_control(value) && !changes_direction(value);
}

void append_escaped(std::string& line, std::string_view bytes) {
  for (const char c : bytes)
    append_byte(line, static_cast<unsigned char>(c));
}

} // namespace

std::string quoted_text(std::string_view text) {
  std::string line = "\"";
  while (!text.empty()) {
    const auto next = decode(text);
    const auto length = next.length == 0 ? 1 : next.length;
    const auto bytes = text.substr(0, length);
    text.remove_prefix(length);
    if (next.length != 0 && append_short_escape(line, next.value))
      continue;
    if (next.length != 0 && is_harmless(next.value)) {
      line.append(bytes);
      continue;
    }
    append_escaped(line, bytes);
  }
  return line += '"';
}

std::string printable_text(std::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const auto next = decode(text);
    const auto bytes = text.substr(0, next.length == 0 ? 1 : next.length);
    text.remove_prefix(bytes.size());
    if (next.length != 0 && (is_harmless(next.value) || next.value == '\n' || next.value == '\t'))
      printable.append(bytes);
    else
      append_escaped(printable, bytes);
  }
  return printable;
}

std::size_t utf8_length(std::string_view text) noexcept {
  auto rest = text;
  while (!rest.empty()) {
    const auto next = decode(rest);
    if (next.length == 0)
      break;
    rest.remove_prefix(next.length);
  }
  return text.size() - rest.size();
}

} // namespace winnow
