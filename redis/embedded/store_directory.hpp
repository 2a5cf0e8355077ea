#pragma once

#include "redis/embedded/store_file.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace winnow {

/// The files of an embedded store: `base.N` has all keys as they were at some time since `log.N` was begun,
/// and the logs from `log.N` on have all changes since. Only one process uses a directory at a time.
class store_directory {
public:
  using apply_function = std::function<void(const store_record&)>;

  /// Creates the directory if it does not exist, locks it, and passes the records of its files to `apply`,
  /// the last one of a key last. A log whose end is incomplete or damaged is cut there, which is logged; what
  /// is cut off is kept in a file beside it. A damaged part before intact records is skipped. Fails with
  /// conflict if another process has the directory; with malformed if a base is damaged, which no crash can
  /// cause.
  static result<std::unique_ptr<store_directory>> open(const std::string& path, const apply_function& apply);

  ~store_directory();
  store_directory(const store_directory&) = delete;
  store_directory& operator=(const store_directory&) = delete;

  /// The log that changes are appended to.
  const std::shared_ptr<store_file>& log() const noexcept { return log_; }

  /// Bytes of all logs.
  std::uint64_t log_bytes() const noexcept { return closed_bytes_ + log_->size(); }

  /// Makes the directory anew and locks it, if it was removed or renamed while it was open. It has no data
  /// then until another log and a base are written. Fails with conflict if another store has its place.
  result<void> restore();

  /// Begins another log. The one before stays until `finish_base`.
  /// @param keeps_room Whether the disk is to keep room for its removals at once.
  result<void> next_log(bool keeps_room);

  /// Whether the log in use was begun for a base that was not finished. A base of any later time goes with
  /// it, so that it needs no further log.
  bool awaits_base() const noexcept { return awaits_base_; }

  /// Begins the base for the log in use, under another name.
  result<std::shared_ptr<store_file>> begin_base() const;

  /// Puts the base, which is complete and synced, into use, and removes the files that it replaces.
  result<void> finish_base(std::uint64_t number);

  /// Removes a base that `begin_base` began and that will not be finished.
  void discard_base(std::uint64_t number) const;

  /// The number of the log in use.
  std::uint64_t number() const noexcept { return number_; }

private:
  explicit store_directory(std::string path) : path_(std::move(path)) {}
  std::string lock_name() const { return path_ + "/lock"; }
  result<int> lock() const;
  bool has_data() const;
  result<void> load(const apply_function& apply);
  /// Returns the bytes that the log has then; 0: not even its header.
  result<std::uint64_t> load_log(std::uint64_t number, const apply_function& apply);
  void discard_empty_log(std::uint64_t number) const;
  std::string name_of(const char* kind, std::uint64_t number) const;
  void remove_before(std::uint64_t number) const;

  const std::string path_;
  int lock_ = -1;
  std::uint64_t number_ = 0;
  std::uint64_t closed_bytes_ = 0; ///< Of the logs before the one in use.
  bool awaits_base_ = false;
  std::shared_ptr<store_file> log_;
};

} // namespace winnow
