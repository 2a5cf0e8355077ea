#include "tools/winnow-train/interrupt.hpp"

#include <csignal>
#include <initializer_list>

namespace winnow {

namespace {

volatile std::sig_atomic_t asked = 0;

void ask(int) {
  asked = 1;
}

} // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = ask;
  action.sa_flags = static_cast<int>(SA_RESETHAND); // the second signal has its default effect
  for (const int signal : {SIGINT, SIGTERM})
    sigaction(signal, &action, nullptr);
}

bool interrupted() noexcept {
  return asked != 0;
}

} // namespace winnow
