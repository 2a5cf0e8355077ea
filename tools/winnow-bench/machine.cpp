#include "tools/winnow-bench/machine.hpp"

#include "models/kernels/kernels.hpp"
#include "tools/winnowd/processors.hpp"

#include <cstdlib>
#include <fstream>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

namespace winnow::bench {

namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "unknown";
}

} // namespace

machine this_machine() {
  utsname names{};
  uname(&names);
  struct sysinfo memory {};
  sysinfo(&memory);
  machine found;
  found.processor = processor_name();
  found.cores = usable_processors();
  found.instruction_set = kernels::instruction_set();
  found.kernel = std::string(names.sysname) + " " + names.release;
  found.memory_gb = static_cast<double>(memory.totalram) * memory.mem_unit / (1u << 30U);
  return found;
}

double load_average() {
  double loads[1] = {0};
  return getloadavg(loads, 1) == 1 ? loads[0] : 0;
}

} // namespace winnow::bench
