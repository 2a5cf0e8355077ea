#include "failing_sync.hpp"

#include <atomic>
#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::atomic<bool> fails{false};
std::atomic<int> failed{0};

} // namespace

/// Takes the place of the function of the C library.
extern "C" int fdatasync(int descriptor) {
  if (fails) {
    ++failed;
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor)); // NOLINT(cppcoreguidelines-pro-type-vararg)
}

namespace winnow::test {

failing_sync::failing_sync() {
  failed = 0;
  fails = true;
}

failing_sync::~failing_sync() {
  fails = false;
}

int failing_sync::failures() {
  return failed;
}

} // namespace winnow::test
