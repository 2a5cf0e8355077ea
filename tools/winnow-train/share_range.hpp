#pragma once

#include "config/text/number_text.hpp"

#include <CLI/CLI.hpp>
#include <string>

/// Validators for shares of the interactions, of which some must be left on one side.
namespace winnow {

/// Accepts numbers above 0, up to 1.
inline CLI::Validator share_above_zero() {
  return CLI::Validator(
      [](const std::string& text) {
        const auto share = parse_decimal(text);
        return share && *share > 0 && *share <= 1
                   ? std::string()
                   : "expected a number above 0, up to 1, got \"" + text + "\"";
      },
      "");
}

/// Accepts numbers from 0 to below 1.
inline CLI::Validator share_below_one() {
  return CLI::Validator(
      [](const std::string& text) {
        const auto share = parse_decimal(text);
        return share && *share >= 0 && *share < 1
                   ? std::string()
                   : "expected a number from 0 to below 1, got \"" + text + "\"";
      },
      "");
}

} // namespace winnow
