#pragma once

#include <cstddef>
#include <string_view>

namespace winnow {

/// Returns the length in bytes of the blank with which the text begins; 0 if it begins with none. Blanks are
/// what Python's `\s` matches, except for line ends. @param text UTF-8.
std::size_t blank_length(std::string_view text);

std::string_view without_blanks_before(std::string_view text);

} // namespace winnow
