#pragma once

#include <chrono>
#include <string_view>

namespace winnow {

/// Gives the calling thread this niceness (Linux has one for each thread; those that it starts inherit it),
/// so that others go first. Where that fails a warning says what `purpose` the thread has, and it stays as it
/// is.
void lower_thread_priority(int niceness, std::string_view purpose);

/// Asks for short turns on a processor for the calling thread, which does little at a time and should not
/// wait until others have had theirs: a thread whose turn would be over sooner goes first. From Linux 6.12
/// on; an older one takes no notice. Where it fails, as above.
/// @param turn At least 0.1 ms, which is the least that Linux grants.
void shorten_thread_turns(std::chrono::nanoseconds turn, std::string_view purpose);

} // namespace winnow
