#include "tools/winnowd/signals.hpp"

#include <cerrno>
#include <ctime>

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

} // namespace

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

int stop_signal_so_far() {
  const sigset_t set = termination();
  const timespec now{};
  const int caught = sigtimedwait(&set, nullptr, &now);
  return caught > 0 ? caught : 0;
}

void unblock_termination() {
  const sigset_t set = termination();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

} // namespace winnow
