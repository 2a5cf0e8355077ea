#include "tools/winnow-train/interrupt.hpp"

#include <csignal>
#include <initializer_list>

namespace winnow {

namespace {

volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int) {
  stop_requested = 1;
}

} // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND); // the second signal has its default effect
  for (const int signal : {SIGINT, SIGTERM})
    sigaction(signal, &action, nullptr);
}

void ignore_lost_readers() {
  std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() noexcept {
  return stop_requested != 0;
}

} // namespace winnow
