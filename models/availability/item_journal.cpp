#include "models/availability/item_journal.hpp"

#include "config/files/file_name.hpp"
#include "config/files/write_all.hpp"
#include "models/files/output_file.hpp"
#include "models/files/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{8} << 30U;
constexpr std::size_t least_lines = 1000; ///< A shorter file is not replaced for its length.

/// Writes all bytes at the end of a file. @return 0, or the number of the error.
int append_to(const std::filesystem::path& file, std::string_view bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return errno;
  const int problem = write_all(descriptor, bytes);
  ::close(descriptor);
  return problem;
}

} // namespace

result<void> item_journal::open(const std::filesystem::path& file,
                                const std::function<bool(std::string_view)>& take) {
  file_ = file;
  if (is_absent(file))
    return {};
  const auto text = read_file(file, most_bytes);
  if (!text) {
    unreadable_ = text.error();
    return tl::unexpected(*unreadable_);
  }
  std::size_t damaged = 0, first = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    ++lines_;
    const auto end = rest.find('\n');
    if (end == std::string_view::npos || !take(rest.substr(0, end)))
      first = ++damaged == 1 ? lines_ : first;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  must_replace_ = damaged > 0;
  if (must_replace_)
    damage_ =
        file.string() + ":" + std::to_string(first) +
        ": expected an object with item_id, time, and attributes or reset, and the line's end; lines left "
        "out: " +
        std::to_string(damaged) + " of " + std::to_string(lines_);
  return {};
}

void item_journal::add(const std::string& line) {
  ++lines_;
  if (!file_.empty() && !unreadable_ && !must_replace_) // else the file, if any, gets all lines that hold
    unwritten_ += line;
}

void item_journal::outdate() noexcept {
  must_replace_ = true;
  unwritten_.clear();
}

result<void> item_journal::write(const std::function<std::string()>& present) {
  if (file_.empty())
    return {};
  if (unreadable_)
    return tl::unexpected(*unreadable_);
  if (lines_ > 2 * needed_lines_ + least_lines)
    outdate();
  if (must_replace_)
    return replace(present());
  return append();
}

result<void> item_journal::append() {
  if (unwritten_.empty())
    return {};
  std::error_code ignored;
  if (file_.has_parent_path())
    std::filesystem::create_directories(file_.parent_path(), ignored);
  if (const int problem = append_to(file_, unwritten_); problem != 0) {
    outdate(); // half a line may be in the file
    return fail(fault::io_error,
                file_.string() + ": cannot be written: " + std::generic_category().message(problem));
  }
  unwritten_.clear();
  return {};
}

result<void> item_journal::replace(const std::string& lines) {
  if (auto written = write_file(file_, lines); !written)
    return written;
  lines_ = needed_lines_ = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  must_replace_ = false;
  return {};
}

} // namespace winnow
