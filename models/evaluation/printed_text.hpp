#pragma once

#include <string>

namespace winnow {

/// Appends text formatted as by printf, cut after 511 bytes.
[[gnu::format(printf, 2, 3)]] void print(std::string& to, const char* format, ...);

} // namespace winnow
