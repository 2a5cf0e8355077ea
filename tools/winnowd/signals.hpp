#pragma once

#include <csignal>

namespace winnow {

/// Blocks the signals that the main thread waits for: called before any thread is started, as all inherit the
/// mask. Also ignores SIGPIPE and SIGXFSZ: a client that went away, or a file that may not grow, is an error
/// of that write, not the end of the daemon.
void block_signals();

/// Waits for SIGTERM, SIGINT or SIGHUP.
int wait_for_signal();

/// The SIGTERM or SIGINT that came since the last look; 0: none.
int stop_signal_so_far();

/// From now on SIGTERM and SIGINT end the process at once, as they do by default.
void unblock_termination();

} // namespace winnow
