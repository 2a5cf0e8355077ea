#pragma once

#include <string>

namespace winnow {

/// Writes what is left of standard output. Called last in `main`, so that a full disk does not pass for
/// success. If this or an earlier write failed, prints one line to standard error and returns 74, unless the
/// program has failed already. A pipe whose reader has left (`| head -1`) is no failure.
/// @param program The name before the message. @param exit_code The one to return if all was written.
int finished_output(const std::string& program, int exit_code);

} // namespace winnow
