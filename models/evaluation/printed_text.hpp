#pragma once

#include <string>

namespace winnow {

/// Appends what printf would print, up to 511 characters.
[[gnu::format(printf, 2, 3)]] void print(std::string& to, const char* format, ...);

} // namespace winnow
