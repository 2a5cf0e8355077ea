#include "tools/winnow-eval/chart_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

constexpr mode_t usual_mode = 0666;

int open_file(const std::filesystem::path& path, int flags) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, usual_mode);
}

tl::unexpected<error> cannot_write(const std::filesystem::path& path, int why) {
  return fail(fault::io_error,
              path.string() + ": cannot write the chart: " + std::generic_category().message(why));
}

/// Empties a regular file. Devices and pipes have nothing to empty.
bool make_empty(int descriptor) {
  struct stat status = {};
  return ::fstat(descriptor, &status) == 0 && (!S_ISREG(status.st_mode) || ::ftruncate(descriptor, 0) == 0);
}

} // namespace

result<chart_file> chart_file::open(const std::filesystem::path& path) {
  int descriptor = open_file(path, O_EXCL);
  const bool is_new = descriptor >= 0;
  if (!is_new && errno == EEXIST)
    descriptor = open_file(path, 0);
  if (descriptor < 0)
    return cannot_write(path, errno);
  auto* const file = ::fdopen(descriptor, "wb");
  if (file == nullptr) {
    const int why = errno;
    ::close(descriptor);
    return cannot_write(path, why);
  }
  return chart_file(path, file, is_new);
}

chart_file::chart_file(chart_file&& other) noexcept
    : path_(std::move(other.path_)), file_(std::move(other.file_)),
      is_new_(std::exchange(other.is_new_, false)) {}

chart_file::~chart_file() {
  if (is_new_)
    ::unlink(path_.c_str());
}

tl::unexpected<error> chart_file::refuse() const {
  return cannot_write(path_, errno);
}

result<void> chart_file::write(std::string_view chart) {
  if (!make_empty(::fileno(file_.get())) ||
      std::fwrite(chart.data(), 1, chart.size(), file_.get()) != chart.size() ||
      std::fflush(file_.get()) != 0)
    return refuse();
  if (std::fclose(file_.release()) != 0)
    return refuse();
  is_new_ = false;
  return {};
}

} // namespace winnow
