#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// Whether the bytes are text in UTF-16: they begin with its mark, or most letters are of ASCII, so that
/// there is a zero in nearly every second byte and none beside.
bool is_utf16(std::string_view text) noexcept;

/// Returns why the bytes of a file are no text in UTF-8; empty if they are.
/// @param file Its name, for the message.
std::string encoding_problem(const std::string& file, std::string_view text);

} // namespace winnow
