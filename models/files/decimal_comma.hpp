#pragma once

#include <optional>
#include <string_view>

namespace winnow {

/// Parses a number with a comma before its decimals, such as `12,50`, or without decimals. Files with
/// semicolons between their fields are written so where a comma is the decimal sign. nullopt for all other
/// texts.
std::optional<double> parse_comma_decimal(std::string_view text);

} // namespace winnow
