#pragma once

#include <chrono>
#include <string_view>

namespace winnow {

/// Sets the niceness of the calling thread, so that other threads run first. On Linux each thread has its own
/// niceness, and the threads that it starts inherit it. If this fails, the niceness stays unchanged and a
/// warning is logged, which names the thread's `purpose`.
void lower_thread_priority(int niceness, std::string_view purpose);

/// Requests short time slices for the calling thread, which does little work at a time and should not wait
/// for the full slices of others: the scheduler prefers the thread whose slice ends first. Has an effect from
/// Linux 6.12 on; older kernels ignore it. If it fails, a warning is logged as above.
/// @param turn At least 0.1 ms, the minimum that Linux grants.
void shorten_thread_turns(std::chrono::nanoseconds turn, std::string_view purpose);

} // namespace winnow
