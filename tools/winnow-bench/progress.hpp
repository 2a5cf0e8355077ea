#pragma once

#include <cstdio>
#include <string>

namespace winnow::bench {

/// A line on standard error for those who wait.
inline void tell(const std::string& what) {
  std::fprintf(stderr, "winnow-bench: %s\n", what.c_str());
}

} // namespace winnow::bench
