#include "tools/winnow-train/training_lock.hpp"

#include "config/files/file_name.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

namespace fs = std::filesystem;

tl::unexpected<error> not_writable(const fs::path& directory, const std::error_code& why) {
  return fail(fault::io_error, directory.string() + ": cannot write to it: " + why.message());
}

/// For the training that finds the file locked.
void write_own_number(int descriptor) {
  const auto number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0)
    return;
  const auto written = ::pwrite(descriptor, number.data(), number.size(), 0);
  static_cast<void>(written); // a message lacks the number then
}

/// ` (pid 123)`; empty if the file does not say.
std::string written_number(int descriptor) {
  char text[32];
  const auto size = ::pread(descriptor, text, sizeof text, 0);
  std::string digits(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  digits.erase(std::min(digits.find_first_not_of("0123456789"), digits.size()));
  return digits.empty() ? "" : " (pid " + digits + ")";
}

} // namespace

result<training_lock> training_lock::take(const fs::path& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed)
    return not_writable(directory, failed);
  const auto file = directory / ".training.lock";
  for (;;) {
    constexpr mode_t mode = 0644;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode);
    if (descriptor < 0)
      return not_writable(directory, {errno, std::generic_category()});
    training_lock taken(file, descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
      if (is_at(descriptor, file)) { // the training that had it may have removed it meanwhile
        write_own_number(descriptor);
        return taken;
      }
      taken.release();
      continue;
    }
    const int why = errno;
    const auto number = written_number(descriptor);
    if (why != EWOULDBLOCK) // nobody can have locked it
      ::unlink(file.c_str());
    taken.release();
    if (why == EWOULDBLOCK)
      return fail(fault::overloaded,
                  "another training" + number + " writes to " + directory.string() + "; try again later");
    taken.warning_ = file.string() + ": cannot lock it: " + std::generic_category().message(why) +
                     "; nothing keeps a second training from writing to this directory";
    return taken;
  }
}

training_lock::training_lock(training_lock&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)),
      warning_(std::move(other.warning_)) {}

training_lock::~training_lock() {
  if (descriptor_ < 0)
    return;
  ::unlink(file_.c_str()); // before it is unlocked, so that nobody else's file is removed
  release();
}

void training_lock::release() noexcept {
  ::close(std::exchange(descriptor_, -1));
}

} // namespace winnow
