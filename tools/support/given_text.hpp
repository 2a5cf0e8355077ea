#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace winnow {

/// Refuses the empty text, which a script passes if its variable is not set. @param what For the message:
/// `a directory`.
inline CLI::Validator not_empty(const std::string& what) {
  return CLI::Validator(
      [what](const std::string& text) {
        return text.empty() ? "expected " + what + ", got an empty text" : std::string();
      },
      "");
}

} // namespace winnow
