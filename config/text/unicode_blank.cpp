#include "config/text/unicode_blank.hpp"

#include "config/text/starts_with.hpp"

#include <array>

namespace winnow {

std::size_t blank_length(std::string_view text) {
  constexpr std::string_view ascii = " \t\v\f\x1c\x1d\x1e\x1f";
  // U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000
  constexpr std::array<std::string_view, 19> wide{
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
      "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  if (text.empty() || ascii.find(text.front()) != std::string_view::npos)
    return text.empty() ? 0 : 1;
  if (static_cast<unsigned char>(text.front()) < 0x80)
    return 0;
  for (const auto blank : wide)
    if (starts_with(text, blank))
      return blank.size();
  return 0;
}

std::string_view without_blanks_before(std::string_view text) {
  while (const auto length = blank_length(text))
    text.remove_prefix(length);
  return text;
}

} // namespace winnow
