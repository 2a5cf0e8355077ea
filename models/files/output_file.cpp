#include "models/files/output_file.hpp"

#include "config/files/file_name.hpp"
#include "config/files/open_file.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

tl::unexpected<error> refused(const std::filesystem::path& path, const char* what) {
  return fail(fault::io_error,
              path.string() + ": cannot " + what + ": " + std::generic_category().message(errno));
}

/// Opens and locks a draft that other processes may take for abandoned. They may also have removed it between
/// the two. Where drafts cannot be locked, others cannot remove them either.
result<int> open_locked(const std::filesystem::path& draft, draft_lock& lock) {
  constexpr int most_attempts = 3;
  for (int attempt = 1;; ++attempt) {
    auto descriptor = open_for_writing(draft);
    if (!descriptor)
      return descriptor;
    lock = draft_lock(*descriptor);
    if (is_at(*descriptor, draft) || attempt == most_attempts)
      return descriptor;
    ::close(*descriptor);
  }
}

} // namespace

result<output_file> output_file::create(const std::filesystem::path& path, output_manner manner) {
  std::error_code ignored; // if a folder cannot be created, opening the file fails, too
  if (path.has_parent_path())
    std::filesystem::create_directories(path.parent_path(), ignored);
  auto draft = manner.many_writers ? draft_of(path) : std::filesystem::path(path.string() + ".part");
  draft_lock lock;
  if (manner.many_writers)
    remove_abandoned_drafts(path);
  const auto descriptor = manner.many_writers ? open_locked(draft, lock) : open_for_writing(draft);
  if (!descriptor) {
    auto message = descriptor.error().message;
    if (const auto name = draft.string() + ": cannot "; message.compare(0, name.size(), name) == 0)
      message.replace(0, draft.string().size(),
                      path.string()); // what is in the draft's place is named as such
    return fail(fault::io_error, message);
  }
  auto* file = ::fdopen(*descriptor, "wb");
  if (!file) {
    const auto failure = refused(path, "create");
    ::close(*descriptor);
    return failure;
  }
  return output_file(path, std::move(draft), std::move(lock), file, manner);
}

output_file::~output_file() {
  if (!file_)
    return;
  file_.reset();
  std::error_code ignored; // if the draft cannot be removed, it stays
  std::filesystem::remove(draft_, ignored);
}

tl::unexpected<error> output_file::refuse(const char* what) const {
  return refused(path_, what);
}

tl::unexpected<error> output_file::give_up(const char* what) const {
  auto failure = refuse(what);
  std::error_code ignored;
  std::filesystem::remove(draft_, ignored);
  return failure;
}

result<void> output_file::write(std::string_view bytes) {
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    return refuse("write");
  return {};
}

result<void> output_file::close() {
  if (std::fflush(file_.get()) != 0 || (manner_.to_disk && ::fsync(::fileno(file_.get())) != 0))
    return refuse("write");
  constexpr mode_t readable = S_IRUSR | S_IRGRP | S_IROTH;
  struct stat status {};
  if (manner_.read_only && (::fstat(::fileno(file_.get()), &status) != 0 ||
                            ::fchmod(::fileno(file_.get()), status.st_mode & readable) != 0))
    return refuse("make read-only");
  if (std::fclose(file_.release()) != 0)
    return give_up("write");
  if (std::rename(draft_.c_str(), path_.c_str()) != 0)
    return give_up("rename");
  return {};
}

result<void> write_file(const std::filesystem::path& path, const std::vector<std::string_view>& parts,
                        output_manner manner) {
  auto file = output_file::create(path, manner);
  if (!file)
    return tl::unexpected(file.error());
  for (const auto part : parts)
    if (auto written = file->write(part); !written)
      return written;
  return file->close();
}

result<void> write_file(const std::filesystem::path& path, std::string_view bytes, output_manner manner) {
  return write_file(path, std::vector<std::string_view>{bytes}, manner);
}

} // namespace winnow
