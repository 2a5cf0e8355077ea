#pragma once

#include <cstddef>
#include <string>

namespace winnow::bench {

/// What the numbers were taken on.
struct machine {
  std::string processor;       ///< The model's name.
  std::size_t cores = 0;       ///< That this process may use.
  std::string instruction_set; ///< That Winnow's kernels chose.
  std::string kernel;
  double memory_gb = 0;
};

machine this_machine();

/// The load average of the last minute.
double load_average();

} // namespace winnow::bench
