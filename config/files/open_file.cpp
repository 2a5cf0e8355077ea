#include "config/files/open_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <string>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

/// What the system says, and where a link points that leads to nothing.
std::string reason(const std::filesystem::path& path, int number) {
  std::error_code is_no_link;
  const auto target = std::filesystem::read_symlink(path, is_no_link);
  return std::generic_category().message(number) +
         (number == ENOENT && !is_no_link ? " (a link to " + target.string() + ")" : "");
}

tl::unexpected<error> refuse(const std::filesystem::path& path, const char* what, int number) {
  const auto cause = number == ENOENT || number == ENOTDIR ? fault::not_found : fault::io_error;
  return fail(cause, path.string() + ": cannot " + what + ": " + reason(path, number));
}

tl::unexpected<error> refuse_kind(const std::filesystem::path& path, const struct stat& status) {
  return fail(fault::io_error,
              path.string() + ": expected a regular file, got " + std::string(kind_of(status)));
}

/// Whether a pipe has no name in any file system. Opening it never waits.
bool is_anonymous(int pipe) {
  struct statfs where = {};
  return ::fstatfs(pipe, &where) == 0 && where.f_type == PIPEFS_MAGIC;
}

bool may_be_read(int opened, const struct stat& status, file_kinds allowed) {
  if (S_ISCHR(status.st_mode)) // /dev/null, the usual name for no file at all
    return allowed != file_kinds::regular && status.st_rdev == makedev(1, 3);
  if (!S_ISFIFO(status.st_mode))
    return S_ISREG(status.st_mode);
  return allowed == file_kinds::pipes_too ||
         (allowed == file_kinds::anonymous_pipes_too && is_anonymous(opened));
}

/// Opens the path and checks what was opened: another file may have taken the name meanwhile.
template<class Allowed>
result<int> open_checked(const std::filesystem::path& path, int flags, Allowed is_allowed, const char* what) {
  const int opened = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0666);
  const int failure = errno;
  struct stat status = {};
  if (opened < 0) { // a socket or a FIFO without a reader, for which the system's message says nothing useful
    if (failure == ENXIO && ::stat(path.c_str(), &status) == 0)
      return refuse_kind(path, status);
    return refuse(path, what, failure);
  }
  const bool known = ::fstat(opened, &status) == 0;
  if (known && is_allowed(opened, status) && ::fcntl(opened, F_SETFL, 0) == 0)
    return opened;
  const int unknown_because = errno;
  ::close(opened);
  return known ? refuse_kind(path, status) : refuse(path, "examine", unknown_because);
}

} // namespace

result<int> open_for_reading(const std::filesystem::path& path, file_kinds allowed) {
  struct stat status = {};
  // Opened without waiting, a FIFO whose writer is late looks like one that has ended.
  const bool fifo =
      allowed == file_kinds::pipes_too && ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
  const auto may_be = [&](int opened, const struct stat& found) {
    return may_be_read(opened, found, allowed);
  };
  return open_checked(path, fifo ? O_RDONLY : O_RDONLY | O_NONBLOCK, may_be, "open");
}

result<int> open_for_writing(const std::filesystem::path& path) {
  const auto may_be = [](int, const struct stat& found) {
    return S_ISREG(found.st_mode) || S_ISCHR(found.st_mode);
  };
  return open_checked(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, may_be, "create");
}

std::string_view kind_of(const struct stat& status) noexcept {
  switch (status.st_mode & S_IFMT) {
  case S_IFDIR:
    return "a directory";
  case S_IFIFO:
    return "a FIFO";
  case S_IFSOCK:
    return "a socket";
  case S_IFCHR:
  case S_IFBLK:
    return "a device";
  default:
    return "a regular file";
  }
}

} // namespace winnow
