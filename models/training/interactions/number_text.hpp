#pragma once

#include <optional>
#include <string_view>

namespace winnow {

/// The text without surrounding blanks.
std::string_view trimmed(std::string_view text);

/// Parses a finite number in decimal or scientific form; surrounding blanks are allowed. nullopt for all
/// other texts.
std::optional<double> parse_decimal(std::string_view text);

} // namespace winnow
