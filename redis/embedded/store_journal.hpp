#pragma once

#include "config/log/flood_limit.hpp"
#include "redis/embedded/store_directory.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace winnow {

struct journal_options {
  std::chrono::milliseconds sync_interval{1000};
  /// Logs up to this size are not compacted; larger ones are, once they are twice as large as the data.
  std::uint64_t least_log_bytes = 16u << 20;
  std::chrono::milliseconds pause_after_failure{5000}; ///< Before the next attempt to compact.
};

/// Keeps the changes of an embedded store in files. What `append` has accepted survives a crash of the
/// process at once, and one of the machine after at most the sync interval, as with Redis's `appendfsync
/// everysec`. A thread of its own syncs and compacts.
///
/// If the disk fails to sync, nobody knows what it has: changes are refused until all data has been written
/// to new files. The same if the files or their directory were removed or renamed, which is noticed within
/// the sync interval.
class store_journal {
public:
  /// Appends the next records of the whole data to `into`, and advances the cursor, which begins and ends
  /// with 0. Called on the journal's thread.
  using data_reader = std::function<void(std::uint64_t& cursor, std::string& into)>;

  static result<std::unique_ptr<store_journal>> open(const std::string& directory,
                                                     const store_directory::apply_function& apply,
                                                     const journal_options& options = {});

  /// Syncs. If that fails, or if changes are refused, tries to write all data anew.
  ~store_journal();
  store_journal(const store_journal&) = delete;
  store_journal& operator=(const store_journal&) = delete;

  /// Starts the thread. Called once, before the first `append`.
  void start(data_reader data);

  /// Adds a change. If it fails, the change is not in the files: out_of_space, or io_error. The public
  /// message has no path. A full disk still accepts about a thousand removals.
  result<void> append(const store_record& record);

  /// Why the last change was refused, in plain words without paths; empty if it was not.
  std::string shortage() const;

  /// Why changes are refused; nullopt if they are not.
  std::optional<error> problem() const;

private:
  using clock = std::chrono::steady_clock;

  store_journal(std::unique_ptr<store_directory> directory, const journal_options& options);

  result<void> append_encoded(store_record::kind what);
  void run();
  void sync();
  bool is_compaction_due(clock::time_point now) const;
  void compact();
  bool needs_next_log() const;
  result<std::uint64_t> write_base(std::uint64_t number);
  void log_refusal(const error& why);
  void log_acceptance();
  void note_failure(std::string message, std::string_view public_words);

  const journal_options options_;
  data_reader data_;
  mutable std::mutex mutex_; ///< Guards the members below.
  std::condition_variable wake_;
  std::unique_ptr<store_directory> directory_;
  std::string encoded_; ///< Only to keep its memory.
  bool dirty_ = false;  ///< Whether something was appended since the last sync.
  bool stopping_ = false;
  std::optional<fault> refused_;                  ///< Why the last append failed, if it did.
  std::optional<clock::time_point> last_refusal_; ///< Since the log said that changes are refused.
  std::optional<error> broken_;  ///< Why a sync failed, or the log is torn or gone; until all is rewritten.
  std::uint64_t base_bytes_ = 0; ///< Of the last base that this process has written.
  clock::time_point next_compaction_{};
  flood_limit failed_compactions_;
  std::thread thread_;
};

} // namespace winnow
