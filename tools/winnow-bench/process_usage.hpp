#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace winnow::bench {

/// A process and all that it started and that still run.
std::vector<pid_t> process_tree(pid_t root);

/// Processor seconds of a process tree, user and system, those of ended children that were waited for
/// included. What a process used that ended since the list was made is missing.
double processor_seconds(pid_t root);

/// Processor seconds that the whole machine spent on anything.
double machine_busy_seconds();

/// Memory of a process tree in MB (2^20 bytes).
struct memory_use {
  double resident_mb = 0;     ///< Pages shared by several processes count once for each.
  double proportional_mb = 0; ///< Pages shared by several processes are divided among them.
};
memory_use memory_of(pid_t root);

/// What others used of the machine since it was made: everybody but this process and its children.
class foreign_use {
public:
  foreign_use();
  double cores() const; ///< On average, in cores.

private:
  double begin_, busy_, own_;
};

} // namespace winnow::bench
