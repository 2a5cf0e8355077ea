#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

/// Returns the text in double quotes, always on one line and safe to print on a terminal: quotes,
/// backslashes, control characters (C0, DEL, C1, and those that change the direction of text) and bytes that
/// are not UTF-8 are escaped.
std::string quoted_text(std::string_view text);

/// Returns the text safe to print on a terminal: control characters other than line feeds and tabs, and bytes
/// that are not UTF-8, are escaped. For messages, which may have bytes of files and names in them.
std::string printable_text(std::string_view text);

/// Returns how many bytes of the text, from its beginning, are UTF-8: all, or those before the first that is
/// not.
std::size_t utf8_length(std::string_view text) noexcept;

} // namespace winnow
