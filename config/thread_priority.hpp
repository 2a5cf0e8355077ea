#pragma once

#include <string_view>

namespace winnow {

/// Gives the calling thread this niceness (Linux has one for each thread; those that it starts inherit it),
/// so that others go first. Where that fails a warning says what `purpose` the thread has, and it stays as it
/// is.
void lower_thread_priority(int niceness, std::string_view purpose);

} // namespace winnow
