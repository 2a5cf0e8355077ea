#pragma once

#include <cstdio>
#include <string>

namespace winnow::bench {

/// Prints a line about the progress to standard error.
inline void print_progress(const std::string& message) {
  std::fprintf(stderr, "winnow-bench: %s\n", message.c_str());
}

} // namespace winnow::bench
