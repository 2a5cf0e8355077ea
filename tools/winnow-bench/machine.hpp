#pragma once

#include <cstddef>
#include <string>

namespace winnow::bench {

/// The machine that a report was measured on.
struct machine {
  std::string processor;       ///< The model's name, family and number.
  std::size_t cores = 0;       ///< The number that this process may use.
  std::string instruction_set; ///< The one chosen by Winnow's kernels.
  std::string kernel;
  double memory_gb = 0;
};

machine this_machine();

/// Returns the load average of the last minute.
double load_average();

} // namespace winnow::bench
