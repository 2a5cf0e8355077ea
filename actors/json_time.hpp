#pragma once

#include <chrono>

namespace winnow {

/// Unix time in seconds with millisecond precision: the form of all times in the admin endpoint's JSON.
inline double unix_time(std::chrono::system_clock::time_point when) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch());
  return static_cast<double>(since.count()) / 1e3;
}

} // namespace winnow
