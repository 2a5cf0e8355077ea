#pragma once

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

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

/// The same, but not longer than until the deadline. @return The signal; 0 if none came.
int signal_until(std::chrono::steady_clock::time_point deadline);

/// Waits until the deadline. Each SIGTERM or SIGINT that comes before it, or has come already, has no effect.
void drop_stop_signals_until(std::chrono::steady_clock::time_point deadline);

/// Returns the SIGTERM or SIGINT that has arrived since the last call; 0 if none has.
int stop_signal_so_far();

/// Lets the signals that `block_signals` blocked end the process at once: for checks, which nobody stops
/// otherwise.
void unblock_signals();

/// Lets SIGTERM and SIGINT end the process at once from now on, as they do by default. Those that have come
/// before have no effect.
void unblock_termination();

/// Does that once `echoes` have passed, on a thread of its own; until then they have no effect.
class late_termination {
public:
  explicit late_termination(std::chrono::milliseconds echoes);
  /// Blocks them again.
  ~late_termination();
  late_termination(const late_termination&) = delete;
  late_termination& operator=(const late_termination&) = delete;

private:
  void run(std::chrono::milliseconds echoes);

  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false; ///< With the lock.
  std::thread thread_;
};

} // namespace winnow
