#pragma once

#include "models/trials/experiment.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace winnow {

/// Seconds since 1970.
inline std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// When an experiment is ordered, in milliseconds since 1970. Later than all orders before, also if the clock
/// was set back. @param before The time of the last one.
inline std::int64_t order_time(std::int64_t before) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  return std::max<std::int64_t>(now, before + 1);
}

/// The versions of an experiment with their weights, for the log: `a=50,b=50`.
inline std::string shares_text(const experiment& what) {
  std::string text;
  for (const auto& arm : what.arms) {
    char weight[32];
    std::snprintf(weight, sizeof weight, "%g", arm.weight);
    text += (text.empty() ? "" : ",") + arm.version + "=" + weight;
  }
  return text;
}

} // namespace winnow
