#include "models/files/text_bytes.hpp"

#include "config/text/quoted_text.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t block_bytes = 64;

constexpr bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

/// Whether all bytes of a block are ASCII and no control characters. Without branches, so that compilers
/// compare many bytes at once.
bool is_plain_block(const char* block) {
  unsigned char other = 0;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    const auto is_low = static_cast<unsigned char>(byte < 0x20);
    const auto is_blank = static_cast<unsigned char>((byte == '\t') | (byte == '\n') | (byte == '\r'));
    other = static_cast<unsigned char>(other | (is_low & (is_blank ^ 1U)) | (byte >= 0x7F));
  }
  return other == 0;
}

/// Whether the bytes may be the beginning of a letter of UTF-8, which has up to four bytes, none of ASCII.
bool may_begin_a_letter(std::string_view rest) {
  return !rest.empty() && rest.size() < 4 &&
         std::all_of(rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// Goes on with a block that is not plain, up to its end, or to where a letter is not complete or wrong. Only
/// runs of bytes beyond ASCII, between which no letter lies, are taken apart.
void look_at_block(std::string_view block, text_bytes& seen) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  for (const auto* at = block.begin(); at != block.end();) {
    if (is_ascii(*at)) {
      if (*at == '\0')
        return;
      seen.has_controls = seen.has_controls || is_control(static_cast<unsigned char>(*at));
      ++at;
      ++seen.good;
      continue;
    }
    const auto* const end = std::find_if(at, block.end(), is_ascii);
    const auto run = static_cast<std::size_t>(end - at);
    const auto good = utf8_length({at, run});
    seen.good += good;
    if (good < run)
      return;
    at = end;
  }
}

} // namespace

bool has_control_characters(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return is_control(static_cast<unsigned char>(c)); });
}

text_bytes look_at_bytes(std::string_view text) noexcept {
  text_bytes seen;
  while (seen.good < text.size()) {
    const auto block = text.substr(seen.good, block_bytes);
    const auto before = seen.good;
    if (block.size() == block_bytes && is_plain_block(block.data()))
      seen.good += block_bytes;
    else
      look_at_block(block, seen);
    if (seen.good == before) // a letter on the border of two blocks would begin the second one
      break;
  }
  seen.is_cut_off = may_begin_a_letter(text.substr(seen.good));
  return seen;
}

} // namespace winnow
