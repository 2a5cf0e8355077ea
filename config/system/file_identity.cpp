#include "config/system/file_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace winnow {

// O_PATH opens sockets, too, and needs no permission to read.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
file_identity::file_identity(const std::string& path)
    : file_(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {}

file_identity::~file_identity() {
  if (file_ >= 0)
    ::close(file_);
}

bool file_identity::is_at(const std::string& path) const noexcept {
  struct stat own {};
  struct stat found {};
  return file_ >= 0 && ::fstat(file_, &own) == 0 && ::lstat(path.c_str(), &found) == 0 &&
         own.st_dev == found.st_dev && own.st_ino == found.st_ino;
}

} // namespace winnow
