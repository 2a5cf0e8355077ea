#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// Encodes text for one component of a URL: all bytes but letters, digits and -._~ become %XX.
std::string percent_encode(std::string_view text);

} // namespace winnow
