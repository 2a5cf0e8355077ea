#pragma once

#include <cstdint>
#include <string_view>
#include <system_error>

namespace winnow {

/// Standard error and standard output of a process that nobody's failure to read them may stop. Each has a
/// queue of 1 MiB and a `line_writer`. All functions are thread-safe.

/// Starts the writing threads, which inherit the priority of the caller. Otherwise the first line does.
void start_standard_streams();

/// Queues a line for standard error, after the log lines so far. In a child process after fork(), which has
/// no writing thread, writes it at once.
void write_error_line(std::string_view line);

/// Queues a line for standard output. Not for children of fork().
void write_output_line(std::string_view line);

/// Waits until what was queued is written, for at most `line_writer::patience`. exit() does this by itself;
/// call it before _exit() and abort().
void flush_standard_streams() noexcept;

/// Returns how many lines for standard error were dropped because nobody read them.
std::uint64_t dropped_error_lines() noexcept;

/// Opens /dev/null for each standard stream that the process was started without. Otherwise the next file or
/// connection would take its number, and log lines would be written into that. Call it before anything else.
void open_missing_streams() noexcept;

/// Ends the process with exit code 71, and logs what to do, if this is what std::thread throws when the
/// system has no room for another thread. Otherwise returns.
void exit_if_no_room_for_thread(const std::system_error& failed);

/// From now on, logs an exception that nothing catches before the process aborts. The handler of the standard
/// library writes to standard error itself and may wait for a reader forever.
void log_uncaught_exceptions() noexcept;

} // namespace winnow
