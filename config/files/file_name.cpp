#include "config/files/file_name.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace winnow {

bool is_at(int descriptor, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  if (::stat(path.c_str(), &named) != 0)
    return errno != ENOENT && errno != ENOTDIR; // otherwise the name cannot be looked up at present
  return ::fstat(descriptor, &opened) == 0 && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

bool is_absent(const std::filesystem::path& path) {
  struct stat named {};
  return ::lstat(path.c_str(), &named) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

} // namespace winnow
