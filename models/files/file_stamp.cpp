#include "models/files/file_stamp.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <tuple>

namespace winnow {

namespace {

std::int64_t nanoseconds_of(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

bool file_stamp::operator==(const file_stamp& other) const {
  const auto all = [](const file_stamp& one) {
    return std::tie(one.device, one.inode, one.size, one.modified, one.changed);
  };
  return all(*this) == all(other);
}

bool file_stamp::at_rest(std::chrono::nanoseconds duration) const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::nanoseconds(std::max(modified, changed)) + duration <= now;
}

std::optional<file_stamp> stamp_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    return std::nullopt;
  return file_stamp{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                    nanoseconds_of(status.st_mtim), nanoseconds_of(status.st_ctim)};
}

} // namespace winnow
