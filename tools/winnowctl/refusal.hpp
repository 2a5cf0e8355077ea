#pragma once

#include <string>

namespace winnow {

/// Prints the message to standard error and, with `json`, also as `{"error": …}` to standard output. `json`
/// is set if JSON was requested and there is no answer of the daemon. Returns `exit_code`.
int refuse(int exit_code, const std::string& message, bool json = false);

} // namespace winnow
