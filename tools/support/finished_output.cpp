#include "tools/support/finished_output.hpp"

#include <cerrno>
#include <cstdio>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

constexpr int io_error = 74; // EX_IOERR of sysexits.h

/// Whether the output is a pipe or a socket that nobody reads any more.
bool reader_has_left() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

} // namespace

int finished_output(const std::string& program, int exit_code) {
  errno = 0;
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  const int why = errno != 0 ? errno : EIO; // of an earlier write, only that it failed is known
  if (is_written || why == EPIPE || reader_has_left())
    return exit_code;
  std::fprintf(stderr, "%s: standard output: cannot be written: %s\n", program.c_str(),
               std::generic_category().message(why).c_str());
  return exit_code != 0 ? exit_code : io_error;
}

} // namespace winnow
