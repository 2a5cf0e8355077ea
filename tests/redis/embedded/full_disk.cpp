#include "full_disk.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::atomic<bool> is_full{false};

} // namespace

/// Takes the place of the function of the C library.
extern "C" int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  if (is_full) {
    errno = ENOSPC;
    return -1;
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  return static_cast<int>(::syscall(SYS_fallocate, descriptor, mode, offset, length));
}

namespace winnow::test {

full_disk::full_disk() {
  is_full = true;
}

full_disk::~full_disk() {
  is_full = false;
}

} // namespace winnow::test
