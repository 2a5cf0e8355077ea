#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// Text as it may stand in one piece of a URL: everything but letters, digits and -._~ as %XX.
std::string percent_encode(std::string_view text);

} // namespace winnow
