#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// Returns why the bytes of a file are no text in UTF-8; empty if they are.
/// @param file Its name, for the message.
std::string encoding_problem(const std::string& file, std::string_view text);

} // namespace winnow
