#pragma once

#include <chrono>
#include <csignal>

namespace winnow {

/// Blocks the signals that the main thread waits for. Must be called before any thread is started, as threads
/// inherit the mask. Also ignores SIGPIPE and SIGXFSZ: a client that closed its connection, or a file over
/// its size limit, makes that write fail instead of ending the daemon.
void block_signals();

/// From now on, the end by SIGBUS is explained on standard error: a cached table was written to in place, as
/// `cp` onto a model directory does, or its disk failed.
void explain_bus_errors();

/// Waits for SIGTERM, SIGINT or SIGHUP.
int wait_for_signal();

/// Waits for SIGTERM or SIGINT, for at most `limit`. @return The signal; 0 if none came.
int stop_signal_within(std::chrono::milliseconds limit);

/// Takes each SIGTERM or SIGINT that comes within `limit`, which passes, or has come already; they have no
/// effect.
void drop_stop_signals_within(std::chrono::milliseconds limit);

/// Returns the SIGTERM or SIGINT that has arrived since the last call; 0 if none has.
int stop_signal_so_far();

/// Lets the signals that `block_signals` blocked end the process at once: for checks, which nobody stops
/// otherwise.
void unblock_signals();

/// Lets SIGTERM and SIGINT end the process at once from now on, as they do by default.
void unblock_termination();

} // namespace winnow
