#include "config/system/private_file.hpp"

#include "config/files/draft_lock.hpp"
#include "config/files/write_all.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

tl::unexpected<error> refused(const char* what, const std::string& path, int number) {
  const fault cause = number == EACCES || number == EPERM || number == EROFS ? fault::denied
                      : number == ENOENT || number == ENOTDIR                ? fault::not_found
                                                                             : fault::io_error;
  return fail(cause, std::string(what) + " " + path + ": " + std::generic_category().message(number));
}

} // namespace

result<private_file> private_file::create(const std::string& path, std::string_view content) {
  remove_abandoned_drafts(path);
  const auto draft = draft_of(path).string();
  ::unlink(draft.c_str()); // of an earlier process with this id
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    return refused("cannot create", draft, errno);
  const draft_lock lock(file); // until it has its name
  int failed = write_all(file, content);
  if (failed == 0 && ::fchmod(file, 0600) != 0)
    failed = errno;
  if (::close(file) != 0 && failed == 0)
    failed = errno;
  file_identity made(draft);
  if (failed == 0 && !made)
    failed = errno;
  if (failed == 0 && std::rename(draft.c_str(), path.c_str()) != 0)
    failed = errno;
  if (failed == 0)
    return private_file(path, std::move(made));
  ::unlink(draft.c_str());
  return refused("cannot write", path, failed);
}

void private_file::remove() noexcept {
  if (!path_.empty() && identity_.is_at(path_))
    ::unlink(path_.c_str());
}

result<void> make_private_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return refused("cannot create", path, errno);
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0)
    return refused("cannot use", path, errno);
  const bool is_ours = found.st_uid == ::geteuid() || found.st_uid == 0;
  if (!S_ISDIR(found.st_mode) || !is_ours || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(fault::denied,
                "cannot use " + path + ": expected a directory of this user that nobody else can write to");
  return {};
}

} // namespace winnow
