#pragma once

#include "config/text/number_text.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>

/// Validators for numbers on the command line. CLI11's own let NaN pass, as it is neither below nor above a
/// limit, and take -1 for the largest whole number.
namespace winnow {

/// Accepts finite numbers.
inline CLI::Validator any_number() {
  return CLI::Validator(
      [](const std::string& text) {
        return parse_decimal(text) ? std::string() : "expected a number, got \"" + text + "\"";
      },
      "");
}

/// Accepts numbers from `least` to `most`.
inline CLI::Validator number_range(double least, double most) {
  std::ostringstream range;
  range << least << " to " << most;
  return CLI::Validator(
      [least, most, text_of_range = range.str()](const std::string& text) {
        const auto value = parse_decimal(text);
        return value && *value >= least && *value <= most
                   ? std::string()
                   : "expected a number from " + text_of_range + ", got \"" + text + "\"";
      },
      "from " + range.str());
}

/// Accepts whole numbers from `least` to `most`.
inline CLI::Validator whole_number_range(std::uint64_t least, std::uint64_t most) {
  const auto range = std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [least, most, range](const std::string& text) {
        const auto value = parse_integer<std::uint64_t>(text);
        return value && *value >= least && *value <= most
                   ? std::string()
                   : "expected a whole number from " + range + ", got \"" + text + "\"";
      },
      "from " + range);
}

/// Accepts all whole numbers that an unsigned integer of 64 bits can hold.
inline CLI::Validator any_whole_number() {
  return whole_number_range(0, std::numeric_limits<std::uint64_t>::max()).description("");
}

} // namespace winnow
