#include "tools/winnowd/processors.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sched.h>
#include <string>

namespace winnow {

namespace {

/// `cpu.max` of control groups v2: `quota period` in microseconds, or `max period`.
double quota_of_control_group() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0)
    return 0;
  return std::strtod(quota.c_str(), nullptr) / period;
}

} // namespace

std::size_t usable_processors() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  std::size_t count = 1;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0)
    count = static_cast<std::size_t>(std::max(CPU_COUNT(&mask), 1));
  if (const double quota = quota_of_control_group(); quota > 0)
    count = std::min(count, static_cast<std::size_t>(std::max(std::ceil(quota), 1.0)));
  return count;
}

} // namespace winnow
