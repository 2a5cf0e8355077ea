#include "tools/winnow-bench/machine.hpp"

#include "models/kernels/kernels.hpp"
#include "tools/winnowd/processors.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

namespace winnow::bench {

namespace {

/// The model's name, with the numbers of its family and model where the system knows them: virtual machines
/// often call all generations of a processor by one name.
std::string processor_name() {
  std::map<std::string, std::string> values; // of the first processor
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();)
    if (const auto colon = line.find(": "); colon != std::string::npos)
      values[line.substr(0, line.find_first_of("\t:"))] = line.substr(colon + 2);
  const auto name = values.find("model name");
  if (name == values.end())
    return "unknown";
  const auto family = values.find("cpu family"), model = values.find("model");
  return family == values.end() || model == values.end()
             ? name->second
             : name->second + " (family " + family->second + ", model " + model->second + ")";
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
