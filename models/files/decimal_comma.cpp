#include "models/files/decimal_comma.hpp"

#include "config/text/number_text.hpp"

#include <string>

namespace winnow {

namespace {

bool are_digits(std::string_view part) {
  return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<double> parse_comma_decimal(std::string_view text) {
  const auto comma = text.find(',');
  const auto whole = text.substr(0, comma);
  if (!are_digits(whole.substr(0, 1) == "-" ? whole.substr(1) : whole))
    return std::nullopt;
  if (comma == std::string_view::npos)
    return parse_decimal(text);
  const auto decimals = text.substr(comma + 1);
  return are_digits(decimals) ? parse_decimal(std::string(whole) + "." + std::string(decimals))
                              : std::nullopt;
}

} // namespace winnow
