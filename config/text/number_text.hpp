#pragma once

#include <optional>
#include <string_view>

namespace winnow {

/// The text without surrounding blanks, which are these characters.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r");

/// A whole number without the `.0` behind it; any other text as it is.
std::string_view without_zero_fraction(std::string_view text);

/// Parses a finite number in decimal or scientific form; surrounding blanks are allowed. nullopt for all
/// other texts.
std::optional<double> parse_decimal(std::string_view text);

} // namespace winnow
