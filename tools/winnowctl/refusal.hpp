#pragma once

#include <string>

namespace winnow {

/// Says on standard error why there is nothing to show and, where JSON was asked for and the daemon gave
/// none, on standard output as `{"error": …}`. Returns the exit code.
int refuse(int exit_code, const std::string& message, bool json = false);

} // namespace winnow
