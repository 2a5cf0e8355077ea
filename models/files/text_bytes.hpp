#pragma once

#include <cstddef>
#include <string_view>

namespace winnow {

/// What the bytes of a text file are.
struct text_bytes {
  std::size_t good = 0;      ///< Bytes from the beginning that are UTF-8 without zeros.
  bool is_cut_off = false;   ///< The rest may be the beginning of a letter whose other bytes are missing.
  bool has_controls = false; ///< The good bytes have control characters besides tabs and line ends.
};

/// Looks at each byte once. Printable ASCII, which is most of a table, is passed in blocks at memory speed.
text_bytes look_at_bytes(std::string_view text) noexcept;

/// Whether the text has control characters of ASCII besides tabs and line ends.
bool has_control_characters(std::string_view text) noexcept;

} // namespace winnow
