#include "config/files/draft_lock.hpp"

#include "config/files/file_name.hpp"

#include <algorithm>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Whether this is `of` with the id of a process behind it.
bool is_draft(std::string_view name, std::string_view of) {
  if (name.size() < of.size() + 2 || name.substr(0, of.size()) != of || name[of.size()] != '.')
    return false;
  const auto id = name.substr(of.size() + 1);
  return std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void remove_if_abandoned(const fs::path& draft) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(draft.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0)
    return;
  struct stat found {};
  const bool is_own = ::fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == ::geteuid();
  const auto lock = is_own ? draft_lock(file) : draft_lock();
  if (lock && is_at(file, draft)) // its writer may have completed it meanwhile
    ::unlink(draft.c_str());
  ::close(file);
}

} // namespace

draft_lock::draft_lock(int descriptor) : descriptor_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) {
  if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
    ::close(std::exchange(descriptor_, -1));
}

draft_lock::~draft_lock() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

fs::path draft_of(const fs::path& path) {
  return path.string() + "." + std::to_string(::getpid());
}

void remove_abandoned_drafts(const fs::path& path) {
  const auto name = path.filename().string();
  std::error_code failed; // then there are none to remove
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator files(folder, failed), end; !failed && files != end; files.increment(failed))
    if (is_draft(files->path().filename().string(), name))
      remove_if_abandoned(files->path());
}

} // namespace winnow
