#include "config/text/number_text.hpp"

#include <charconv>
#include <cmath>

namespace winnow {

std::string_view without_zero_fraction(std::string_view text) {
  if (text.size() < 3 || text.substr(text.size() - 2) != ".0")
    return text;
  const auto whole = text.substr(0, text.size() - 2);
  const auto digits = whole.front() == '-' ? whole.substr(1) : whole;
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos ? whole : text;
}

std::optional<double> parse_decimal(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [behind, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc() || behind != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

} // namespace winnow
