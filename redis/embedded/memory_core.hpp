#pragma once

#include "redis/change_tracker.hpp"
#include "redis/embedded/store_journal.hpp"
#include "redis/profile_store.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace winnow {

/// The keys of an embedded store, by name and by order of insertion. A cursor that advances in this order
/// misses no key and repeats none, even if keys are added or removed during a scan. Thread-safe.
class memory_core {
public:
  /// @param limit Bytes that keys and values may take with their tables; 0: no limit.
  explicit memory_core(std::size_t limit = 0) : limit_(limit) {}
  ~memory_core();
  memory_core(const memory_core&) = delete;
  memory_core& operator=(const memory_core&) = delete;

  /// Keeps the data in the files of this directory, and reads what they have. Called once, before anything
  /// else. What is there already may exceed the limit.
  result<void> keep_in(const std::string& directory, const journal_options& options = {});

  std::optional<std::string> read(const std::string& key) const;
  bool exists(const std::string& key) const;

  /// Fails with out_of_space over the limit or if the disk is full, with io_error if the disk fails; then the
  /// old value stays.
  result<void> write(const std::string& key, const std::string& value);

  /// A profile that must still be what it was; nullopt: whatever it is.
  struct condition {
    std::string key;
    std::optional<profile_fingerprint> was;
  };

  /// Writes a value under several keys if the condition holds, and returns whether it does. Fails as `write`
  /// does; some of the keys may then have the value.
  result<bool> write_all(const std::vector<std::string>& keys, const std::string& value,
                         const condition& source);

  /// Returns whether the key existed. Fails as `write` does, but never over the limit.
  result<bool> erase(const std::string& key);

  scan_page scan(std::string_view prefix, std::uint64_t cursor, std::size_t count) const;
  std::size_t size() const;

  void announce(const profile_key& key);
  change_batch wait(std::chrono::milliseconds timeout);

  /// Why changes are refused; nullopt if they are not.
  std::optional<error> problem() const { return journal_ ? journal_->problem() : std::nullopt; }

  /// Why there is no room for what was refused last, in plain words without paths; empty if there is. A
  /// single huge value that does not fit does not count.
  std::string shortage() const;

private:
  struct entry {
    std::string value;
    std::uint64_t id = 0;
  };
  using entries = std::unordered_map<std::string, entry>;

  result<void> write_locked(const std::string& key, const std::string& value);
  void note_missed(std::size_t bytes);
  void put(std::string_view key, std::string_view value);
  void remove(entries::iterator found);
  void next_records(std::uint64_t& cursor, std::string& into) const;

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  entries entries_;
  std::map<std::uint64_t, std::string> keys_; ///< By id.
  std::uint64_t next_id_ = 1;                 ///< From 1, because cursor 0 starts and ends a scan.
  std::size_t used_ = 0;                      ///< Bytes that count for the limit.
  std::size_t missed_ = 0;         ///< The fewest bytes that a refused write needed; 0: none was refused.
  change_batch pending_{{}, true}; ///< As with a server, the first batch requires a sweep.
  std::unique_ptr<store_journal> journal_; ///< Null: forgets everything at its end.
};

} // namespace winnow
