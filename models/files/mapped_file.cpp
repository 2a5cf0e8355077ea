#include "models/files/mapped_file.hpp"

#include "config/files/open_file.hpp"

#include <cerrno>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

tl::unexpected<error> refuse(const std::filesystem::path& path, const std::string& what) {
  return fail(fault::io_error,
              path.string() + ": cannot " + what + ": " + std::generic_category().message(errno));
}

/// What `RLIMIT_MEMLOCK` says, for messages.
std::string lock_limit() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return "unlimited";
  return std::to_string(limit.rlim_cur) + " bytes";
}

} // namespace

result<std::shared_ptr<const mapped_file>> mapped_file::open(const std::filesystem::path& path) {
  const auto descriptor = open_for_reading(path);
  if (!descriptor)
    return tl::unexpected(descriptor.error());
  struct stat status {};
  if (::fstat(*descriptor, &status) != 0) {
    const auto failure = refuse(path, "stat");
    ::close(*descriptor);
    return failure;
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* begin = nullptr;
  if (size > 0)
    begin = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, *descriptor, 0);
  const auto failure = refuse(path, "map");
  ::close(*descriptor); // the mapping stays
  if (begin == MAP_FAILED)
    return failure;
  return std::shared_ptr<const mapped_file>(new mapped_file(path, static_cast<const char*>(begin), size));
}

mapped_file::~mapped_file() {
  if (size_ > 0)
    ::munmap(const_cast<char*>(begin_), size_);
}

result<void> mapped_file::lock() const {
  if (size_ > 0 && ::mlock(begin_, size_) != 0)
    return refuse(path_,
                  "keep its " + std::to_string(size_) + " bytes in memory (limit: " + lock_limit() + ")");
  return {};
}

void mapped_file::expect_random_reads() const noexcept {
  if (size_ > 0)
    static_cast<void>(::madvise(const_cast<char*>(begin_), size_, MADV_RANDOM)); // only advice
}

} // namespace winnow
