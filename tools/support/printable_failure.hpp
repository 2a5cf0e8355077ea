#pragma once

#include "config/text/quoted_text.hpp"

#include <CLI/CLI.hpp>
#include <string>

namespace winnow {

/// For `CLI::App::failure_message`: what CLI11 says of wrong options, safe to print on a terminal. It quotes
/// them, and they may come from file names or from a script.
inline std::string printable_failure(const CLI::App* app, const CLI::Error& wrong) {
  return printable_text(CLI::FailureMessage::simple(app, wrong));
}

} // namespace winnow
