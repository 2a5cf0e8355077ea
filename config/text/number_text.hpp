#pragma once

#include "config/text/trimmed.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace winnow {

/// Parses digits, with a minus before them if the type has negative numbers. nullopt for all other texts, and
/// for numbers that the type cannot hold.
template<class Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  Integer value{};
  const auto* const end = text.data() + text.size();
  const auto [behind, status] = std::from_chars(text.data(), end, value);
  return status == std::errc() && behind == end ? std::optional(value) : std::nullopt;
}

/// A whole number without the `.0` behind it; any other text as it is.
std::string_view without_zero_fraction(std::string_view text);

/// Parses a finite number in decimal or scientific form; surrounding blanks are allowed. nullopt for all
/// other texts.
std::optional<double> parse_decimal(std::string_view text);

} // namespace winnow
