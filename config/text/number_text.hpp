#pragma once

#include "config/text/trimmed.hpp"

#include <optional>
#include <string_view>

namespace winnow {

/// A whole number without the `.0` behind it; any other text as it is.
std::string_view without_zero_fraction(std::string_view text);

/// Parses a finite number in decimal or scientific form; surrounding blanks are allowed. nullopt for all
/// other texts.
std::optional<double> parse_decimal(std::string_view text);

} // namespace winnow
