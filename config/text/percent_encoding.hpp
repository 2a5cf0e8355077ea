#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Encodes text for one component of a URL: all bytes but letters, digits and -._~ become %XX.
std::string percent_encode(std::string_view text);

/// Decodes each `%XX`. Returns nullopt if one is malformed.
std::optional<std::string> percent_decode(std::string_view text);

} // namespace winnow
