#pragma once

#include "config/error.hpp"
#include "config/files/file_name.hpp"
#include "redis/embedded/record.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// An error of the operating system that names the file: out_of_space if the disk or a limit is full.
tl::unexpected<error> file_error(const char* what, const std::string& path, int number);

/// A file of the embedded store that records are appended to. Appending and syncing may happen on two
/// threads.
class store_file {
public:
  /// Creates the file with its header, or opens it to append behind its first `size` bytes, which remain. If
  /// the header cannot be written, no file remains.
  static result<std::shared_ptr<store_file>> create(const std::string& path);
  static result<std::shared_ptr<store_file>> open(const std::string& path, std::uint64_t size);

  ~store_file();
  store_file(const store_file&) = delete;
  store_file& operator=(const store_file&) = delete;

  /// Appends all of the bytes or, if it fails, none. If not even that is possible, `is_torn` from then on.
  result<void> append(std::string_view bytes);

  /// Has the disk keep room for this many bytes behind the end, and for some thousand more: on a full disk,
  /// what is appended without this call has those. Fails with out_of_space. Does nothing where the file
  /// system cannot do that.
  result<void> make_room(std::size_t bytes);

  /// Gives back the room that is kept.
  void give_back_room();

  /// Waits until the disk has what was appended.
  result<void> sync() const;

  /// Whether the file still has its name. If not, what is appended is lost when the file is closed.
  bool is_in_place() const { return is_at(descriptor_, path_); }

  std::uint64_t size() const noexcept { return size_; }
  bool has_records() const noexcept;
  bool is_torn() const noexcept { return torn_; }
  const std::string& path() const noexcept { return path_; }

private:
  store_file(std::string path, int descriptor, std::uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

  const std::string path_;
  const int descriptor_;
  std::uint64_t size_;
  std::uint64_t kept_until_ = 0; ///< The disk has room for the bytes before this one.
  bool torn_ = false;
};

/// What reading a file found.
struct replay_outcome {
  std::uint64_t intact = 0;     ///< Bytes up to the end of the last intact record.
  std::uint64_t size = 0;       ///< Bytes of the file.
  std::uint64_t damaged = 0;    ///< Bytes before that which are no records.
  std::uint64_t damaged_at = 0; ///< Where the first of these is.
  bool ended = false;           ///< There was an `end` record.
};

/// Passes the intact records of a file to `apply`, in order: also those behind a damaged part. Fails if the
/// file cannot be read or is none of these.
result<replay_outcome> replay_file(const std::string& path,
                                   const std::function<void(const store_record&)>& apply);

/// Waits until the disk has the names of the files in the directory.
result<void> sync_directory(const std::string& path);

} // namespace winnow
