#pragma once

#include <cstddef>

namespace winnow {

/// How many threads can really run at once: the affinity mask, cut by the control group's CPU quota (a
/// container's limit), which `hardware_concurrency` does not know of. At least 1.
std::size_t usable_processors();

} // namespace winnow
