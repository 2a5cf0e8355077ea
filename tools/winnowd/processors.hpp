#pragma once

#include <cstddef>

namespace winnow {

/// How many threads can run at once: the size of the affinity mask, limited by the control group's CPU quota
/// (a container's limit), which `hardware_concurrency` ignores. At least 1.
std::size_t usable_processors();

} // namespace winnow
