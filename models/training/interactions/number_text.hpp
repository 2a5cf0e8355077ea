#pragma once

#include <optional>
#include <string_view>

namespace winnow {

/// Without the blanks around it.
std::string_view trimmed(std::string_view text);

/// A finite number in decimal or scientific form, blanks around it allowed; nothing for anything else.
std::optional<double> parse_decimal(std::string_view text);

} // namespace winnow
