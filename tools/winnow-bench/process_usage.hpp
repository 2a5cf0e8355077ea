#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace winnow::bench {

/// Returns a process and its running descendants.
std::vector<pid_t> process_tree(pid_t root);

/// Returns the user and system processor seconds of a process tree, including children that ended and were
/// waited for. Misses processes that end while the tree is being read.
double processor_seconds(pid_t root);

/// Returns those of this process alone, with all of its threads and without its children.
double own_processor_seconds();

/// Returns the processor seconds that the whole machine has been busy.
double machine_busy_seconds();

/// The memory of a process tree in MB (2^20 bytes).
struct memory_use {
  double resident_mb = 0;     ///< A shared page counts once per process.
  double proportional_mb = 0; ///< A shared page is divided among its processes.
  double anonymous_mb = 0;    ///< Without the pages of mapped files.
};
memory_use memory_of(pid_t root);

/// Measures what other processes use of the machine, from construction on. Excludes this process and its
/// descendants.
class foreign_use {
public:
  foreign_use();
  double cores() const; ///< The average number of cores in use.

private:
  double begin_, busy_, own_;
};

} // namespace winnow::bench
