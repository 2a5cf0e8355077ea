#pragma once

#include <cstddef>

namespace winnow {

/// The memory that this process may use, in bytes: the machine's, or less in a container.
std::size_t usable_memory();

} // namespace winnow
