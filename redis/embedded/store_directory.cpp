#include "redis/embedded/store_directory.hpp"

#include "config/log/log.hpp"
#include "config/text/number_text.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr const char* component = "store";
constexpr const char* base_kind = "base.";
constexpr const char* log_kind = "log.";
constexpr const char* draft_ending = ".draft";

/// The number of a file of this kind; nullopt for other names.
std::optional<std::uint64_t> number_of(const std::string& name, std::string_view kind) {
  if (name.compare(0, kind.size(), kind) != 0)
    return std::nullopt;
  return parse_integer<std::uint64_t>(std::string_view(name).substr(kind.size()));
}

/// The numbers of all files of this kind, in order.
result<std::vector<std::uint64_t>> numbers_in(const std::string& path, std::string_view kind) {
  std::vector<std::uint64_t> numbers;
  std::error_code failed;
  for (fs::directory_iterator files(path, failed), end; !failed && files != end; files.increment(failed))
    if (const auto number = number_of(files->path().filename().string(), kind))
      numbers.push_back(*number);
  if (failed)
    return file_error("list", path, failed.value());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Copies the bytes of a file from `start` on to a file beside it. Returns the copy's name.
result<std::string> keep_rest(const std::string& path, std::uint64_t start) {
  const auto copy = path + ".cut-" + std::to_string(start);
  std::ifstream from(path, std::ios::binary);
  from.seekg(static_cast<std::streamoff>(start));
  std::ofstream to(copy, std::ios::binary | std::ios::trunc);
  to << from.rdbuf();
  to.close();
  if (!from || !to)
    return fail(fault::io_error, "cannot write " + copy + ", which is to keep the damaged end of " + path);
  return copy;
}

} // namespace

result<std::unique_ptr<store_directory>> store_directory::open(const std::string& path,
                                                               const apply_function& apply) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return file_error("create the store's directory", path, errno);
  std::unique_ptr<store_directory> opened(new store_directory(path));
  const auto locked = opened->lock();
  if (!locked)
    return tl::unexpected<error>(locked.error());
  opened->lock_ = *locked;
  if (auto loaded = opened->load(apply); !loaded)
    return tl::unexpected<error>(loaded.error());
  return opened;
}

store_directory::~store_directory() {
  if (lock_ >= 0)
    ::close(lock_); // which unlocks
}

std::string store_directory::name_of(const char* kind, std::uint64_t number) const {
  return path_ + "/" + kind + std::to_string(number);
}

/// Returns the descriptor that holds the lock until it is closed.
result<int> store_directory::lock() const {
  const auto name = lock_name();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return file_error("open", name, errno);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0)
    return file;
  const int failed = errno;
  ::close(file);
  return failed == EWOULDBLOCK ? fail(fault::conflict, "another process uses the store in " + path_)
                               : file_error("lock", name, failed);
}

bool store_directory::has_data() const {
  const auto has = [this](const char* kind) {
    const auto numbers = numbers_in(path_, kind);
    return !numbers || !numbers->empty(); // what cannot be listed may have some
  };
  return has(base_kind) || has(log_kind);
}

result<void> store_directory::restore() {
  if (log_->is_in_place() || is_at(lock_, lock_name()))
    return {};
  if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
    return file_error("create the store's directory", path_, errno);
  if (has_data()) // perhaps a copy that somebody put there: compacting would remove it
    return fail(fault::conflict, path_ + ": the files of another store have taken the place of this one");
  const auto locked = lock();
  if (!locked)
    return tl::unexpected<error>(locked.error());
  ::close(std::exchange(lock_, *locked));
  log_event(log_level::warning, component, "the store's directory is made anew", {{"directory", path_}});
  return {};
}

result<void> store_directory::load(const apply_function& apply) {
  const auto bases = numbers_in(path_, base_kind);
  if (!bases)
    return tl::unexpected<error>(bases.error());
  if (!bases->empty()) {
    number_ = bases->back();
    const auto name = name_of(base_kind, number_);
    const auto read = replay_file(name, apply);
    if (!read)
      return tl::unexpected<error>(read.error());
    if (!read->ended || read->intact != read->size || read->damaged > 0)
      return fail(fault::malformed,
                  name + ": damaged at byte " +
                      std::to_string(read->damaged > 0 ? read->damaged_at : read->intact) +
                      "; restore the directory from a copy, or move this file away to go on "
                      "with what the logs have");
  }
  const auto first = number_;
  const auto logs = numbers_in(path_, log_kind);
  if (!logs) // without them, the last one would be begun anew
    return tl::unexpected<error>(logs.error());
  std::uint64_t end = 0; // of the last log; 0: none was read yet
  for (const auto number : *logs) {
    if (number < first)
      continue;
    const auto loaded = load_log(number, apply);
    if (!loaded)
      return tl::unexpected<error>(loaded.error());
    if (*loaded == 0 && end > 0) {
      discard_empty_log(number);
      continue;
    }
    closed_bytes_ += end;
    end = *loaded;
    number_ = number;
  }
  awaits_base_ = number_ > first;
  remove_before(first);
  for (auto number = first; number <= number_; ++number)
    discard_base(number);
  auto log = store_file::open(name_of(log_kind, number_), end);
  if (!log)
    return tl::unexpected<error>(log.error());
  log_ = std::move(*log);
  return sync_directory(path_);
}

result<std::uint64_t> store_directory::load_log(std::uint64_t number, const apply_function& apply) {
  const auto name = name_of(log_kind, number);
  const auto read = replay_file(name, apply);
  if (!read)
    return tl::unexpected<error>(read.error());
  if (read->damaged > 0)
    log_event(log_level::error, component, "damaged part of a log skipped",
              {{"file", name}, {"at_byte", read->damaged_at}, {"bytes", read->damaged}});
  if (read->intact == read->size || read->intact == 0) // the start of a header is not worth keeping
    return read->intact;
  const auto kept = keep_rest(name, read->intact);
  if (!kept)
    return tl::unexpected<error>(kept.error());
  if (::truncate(name.c_str(), static_cast<off_t>(read->intact)) != 0)
    return file_error("cut", name, errno);
  log_event(log_level::warning, component, "incomplete end of a log cut off",
            {{"file", name},
             {"kept_bytes", read->intact},
             {"cut_bytes", read->size - read->intact},
             {"moved_to", *kept}});
  return read->intact;
}

/// A log without its header has no changes: a full disk, or the end of the process, kept it from being begun.
/// The one before goes on, which takes no room.
void store_directory::discard_empty_log(std::uint64_t number) const {
  const auto name = name_of(log_kind, number);
  ::unlink(name.c_str()); // a leftover is removed next time
  log_event(log_level::info, component, "log without a header removed", {{"file", name}});
}

void store_directory::remove_before(std::uint64_t number) const {
  for (const char* kind : {base_kind, log_kind})
    for (const auto old : numbers_in(path_, kind).value_or(std::vector<std::uint64_t>{}))
      if (old < number)
        ::unlink(name_of(kind, old).c_str()); // a leftover is removed next time
}

result<void> store_directory::next_log(bool keeps_room) {
  auto next = store_file::create(name_of(log_kind, number_ + 1));
  if (next)
    if (auto synced = sync_directory(path_); !synced)
      next = tl::unexpected<error>(synced.error());
  if (!next)
    return tl::unexpected<error>(next.error());
  closed_bytes_ += log_->size();
  log_->give_back_room();
  log_ = std::move(*next);
  if (keeps_room)
    static_cast<void>(log_->make_room(0)); // before the next base fills the disk
  ++number_;
  awaits_base_ = true;
  return {};
}

result<std::shared_ptr<store_file>> store_directory::begin_base() const {
  return store_file::create(name_of(base_kind, number_) + draft_ending);
}

void store_directory::discard_base(std::uint64_t number) const {
  ::unlink((name_of(base_kind, number) + draft_ending).c_str());
}

result<void> store_directory::finish_base(std::uint64_t number) {
  const auto name = name_of(base_kind, number);
  if (std::rename((name + draft_ending).c_str(), name.c_str()) != 0)
    return file_error("rename", name + draft_ending, errno);
  if (auto synced = sync_directory(path_); !synced)
    return synced;
  remove_before(number);
  closed_bytes_ = 0;
  awaits_base_ = false;
  return {};
}

} // namespace winnow
