#include "config/system/usable_memory.hpp"

#include <algorithm>
#include <fstream>
#include <unistd.h>

namespace winnow {

std::size_t usable_memory() {
  const auto pages = static_cast<std::size_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L));
  std::size_t most = pages * static_cast<std::size_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
  // cgroups of both versions, as a container sees its own.
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::size_t limit = 0;
    if (std::ifstream input(file); input >> limit && limit > 0) // not if it says `max`
      most = std::min(most, limit);
  }
  return most;
}

} // namespace winnow
