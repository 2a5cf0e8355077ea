#include "redis/embedded/store_file.hpp"

#include "config/files/write_all.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view header = "winnow-store 1\n";

/// Closes a descriptor at the end of a scope.
struct descriptor {
  int number;
  ~descriptor() {
    if (number >= 0)
      ::close(number);
  }
};

/// The bytes of a file in memory.
class mapping {
public:
  mapping(int file, std::size_t size)
      : size_(size), start_(size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0)) {}
  ~mapping() {
    if (is_there() && size_ > 0)
      ::munmap(start_, size_);
  }
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;

  bool is_there() const noexcept { return start_ != MAP_FAILED; }
  std::string_view bytes() const noexcept { return {static_cast<const char*>(start_), size_}; }

private:
  const std::size_t size_;
  void* const start_;
};

} // namespace

tl::unexpected<error> file_error(const char* what, const std::string& path, int number) {
  const fault cause = number == ENOSPC || number == EDQUOT || number == EFBIG  ? fault::out_of_space
                      : number == EACCES || number == EPERM || number == EROFS ? fault::denied
                      : number == ENOENT || number == ENOTDIR                  ? fault::not_found
                                                                               : fault::io_error;
  return fail(cause,
              std::string("cannot ") + what + " " + path + ": " + std::generic_category().message(number));
}

result<std::shared_ptr<store_file>> store_file::create(const std::string& path) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0)
    return file_error("create", path, errno);
  std::shared_ptr<store_file> made(new store_file(path, file, 0));
  if (auto written = made->append(header); !written) {
    ::unlink(path.c_str()); // a full disk would also refuse the header at the next start
    return tl::unexpected<error>(written.error());
  }
  return made;
}

result<std::shared_ptr<store_file>> store_file::open(const std::string& path, std::uint64_t size) {
  if (size < header.size()) // its creator was killed before it wrote the header
    return create(path);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0)
    return file_error("open", path, errno);
  std::shared_ptr<store_file> opened(new store_file(path, file, size));
  if (::ftruncate(file, static_cast<off_t>(size)) != 0)
    return file_error("cut", path, errno);
  return opened;
}

store_file::~store_file() {
  ::close(descriptor_);
}

result<void> store_file::append(std::string_view bytes) {
  if (const int failed = write_all(descriptor_, bytes)) {
    torn_ = ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0;
    kept_until_ = 0;
    return file_error("write", path_, failed);
  }
  size_ += bytes.size();
  return {};
}

result<void> store_file::make_room(std::size_t bytes) {
  constexpr std::size_t reserve = std::size_t{64} << 10U;
  if (size_ + bytes + reserve <= kept_until_)
    return {};
  for (const auto length :
       {bytes + 2 * reserve, bytes + reserve}) { // more, so that few changes make this call
    if (::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size_),
                    static_cast<off_t>(length)) == 0) {
      kept_until_ = size_ + length;
      return {};
    }
    if (errno != ENOSPC && errno != EDQUOT)
      return {};
  }
  return file_error("write", path_, ENOSPC);
}

bool store_file::has_records() const noexcept {
  return size_ > header.size();
}

void store_file::give_back_room() {
  if (std::exchange(kept_until_, 0) > size_ && ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0)
    return; // it is given back when the file is removed
}

result<void> store_file::sync() const {
  if (::fdatasync(descriptor_) != 0)
    return file_error("sync", path_, errno);
  return {};
}

result<replay_outcome> replay_file(const std::string& path,
                                   const std::function<void(const store_record&)>& apply) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat found {};
  if (file.number < 0 || ::fstat(file.number, &found) != 0)
    return file_error("read", path, errno);
  if (!S_ISREG(found.st_mode))
    return fail(fault::malformed, path + ": expected a file");
  replay_outcome outcome;
  outcome.size = static_cast<std::uint64_t>(found.st_size);
  const mapping mapped(file.number, outcome.size);
  if (!mapped.is_there())
    return file_error("read", path, errno);
  std::string_view rest = mapped.bytes();
  if (rest.size() < header.size() && rest == header.substr(0, rest.size()))
    return outcome;
  if (rest.substr(0, header.size()) != header)
    return fail(fault::malformed, path + ": expected a file of Winnow's store");
  outcome.intact = header.size();
  rest.remove_prefix(header.size());
  store_record record;
  for (;;) {
    auto taken = read_record(rest, record);
    if (taken == 0) {
      taken = bytes_before_record(rest);
      if (taken == rest.size())
        break;
      if (outcome.damaged == 0)
        outcome.damaged_at = outcome.intact;
      outcome.damaged += taken;
    } else {
      outcome.ended = record.what == store_record::kind::end;
      if (!outcome.ended)
        apply(record);
    }
    outcome.intact += taken;
    rest.remove_prefix(taken);
  }
  return outcome;
}

result<void> sync_directory(const std::string& path) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const descriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.number < 0 || ::fsync(directory.number) != 0)
    return file_error("sync", path, errno);
  return {};
}

} // namespace winnow
