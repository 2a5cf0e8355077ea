#include "tools/winnowd/signals.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

sigset_t termination() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

sigset_t awaited() {
  sigset_t set = termination();
  sigaddset(&set, SIGHUP);
  return set;
}

/// Only calls what is allowed in a handler of signals; the log is not.
void explain_bus_error(int signal) {
  constexpr std::string_view why =
      "winnowd: SIGBUS: a mapped file of .winnow-cache was cut off or written to in place, or its disk "
      "failed; replace models by renaming, and remove .winnow-cache if this happens again\n";
  static_cast<void>(!::write(STDERR_FILENO, why.data(), why.size()));
  ::raise(signal); // the handler is no longer set: ends the process as before
}

} // namespace

void explain_bus_errors() {
  struct sigaction action {};
  action.sa_handler = explain_bus_error;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGBUS, &action, nullptr);
}

void block_signals() {
  const sigset_t set = awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // Other daemons write statistics or rotate their logs on these signals. A script that expects that must not
  // end this daemon.
  std::signal(SIGUSR1, SIG_IGN);
  std::signal(SIGUSR2, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int wait_for_signal() {
  const sigset_t set = awaited();
  int caught = 0;
  while (sigwait(&set, &caught) == EINTR) {
  }
  return caught;
}

namespace {

using clock = std::chrono::steady_clock;

/// Waits for one of these signals. @return 0 if none came before the deadline.
int caught_until(const sigset_t& set, clock::time_point deadline) {
  while (true) {
    const auto left =
        std::max(std::chrono::nanoseconds(deadline - clock::now()), std::chrono::nanoseconds(0));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec wait{seconds.count(), (left - seconds).count()};
    const int caught = sigtimedwait(&set, nullptr, &wait);
    if (caught > 0)
      return caught;
    if (errno != EINTR)
      return 0;
  }
}

} // namespace

int signal_until(clock::time_point deadline) {
  return caught_until(awaited(), deadline);
}

void drop_stop_signals_until(clock::time_point deadline) {
  while (caught_until(termination(), deadline) != 0) {
  }
}

int stop_signal_so_far() {
  return caught_until(termination(), clock::now());
}

void unblock_signals() {
  const sigset_t set = awaited();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void unblock_termination() {
  drop_stop_signals_until(clock::now());
  const sigset_t set = termination();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

late_termination::late_termination(std::chrono::milliseconds echoes) {
  try {
    thread_ = std::thread([this, echoes] { run(echoes); });
  } catch (const std::system_error&) { // no room for a thread
    unblock_termination();
  }
}

late_termination::~late_termination() {
  if (!thread_.joinable())
    return;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  thread_.join();
}

void late_termination::run(std::chrono::milliseconds echoes) {
  std::unique_lock lock(mutex_);
  if (over_.wait_for(lock, echoes, [this] { return is_over_; }))
    return;
  unblock_termination(); // this thread gets them, which ends the process
  over_.wait(lock, [this] { return is_over_; });
}

} // namespace winnow
