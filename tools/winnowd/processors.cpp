#include "tools/winnowd/processors.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <string>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// `cpu.max` of a control group v2: `quota period` in microseconds, or `max period`. 0 for no quota.
double quota_of(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0)
    return 0;
  return std::strtod(quota.c_str(), nullptr) / period;
}

/// The process's own group below the mounted hierarchy: a service's is not its root, a container's looks as
/// if it were.
fs::path own_control_group() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("0::/", 0) == 0)
      return line.substr(4);
  return {};
}

/// The tightest quota of the group and all above it, in processors; 0 for none.
double quota_of_control_groups() {
  double tightest = 0;
  for (auto group = own_control_group();; group = group.parent_path()) {
    if (const double quota = quota_of("/sys/fs/cgroup" / group); quota > 0)
      tightest = tightest > 0 ? std::min(tightest, quota) : quota;
    if (group.empty())
      return tightest;
  }
}

} // namespace

std::size_t usable_processors() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  std::size_t count = 1;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0)
    count = static_cast<std::size_t>(std::max(CPU_COUNT(&mask), 1));
  if (const double quota = quota_of_control_groups(); quota > 0)
    count = std::min(count, static_cast<std::size_t>(std::max(std::ceil(quota), 1.0)));
  return count;
}

} // namespace winnow
