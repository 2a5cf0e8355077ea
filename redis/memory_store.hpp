#pragma once

#include "redis/change_tracker.hpp"
#include "redis/profile_store.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace winnow {

/// The data shared by a memory store and its tracker, which keep it alive. Thread-safe.
class memory_core;

/// @param limit Bytes that the data may take; 0: no limit.
std::shared_ptr<memory_core> make_memory_core(std::size_t limit = 0);

/// A core that keeps its data in the files of a directory. Fails with conflict if another process uses it,
/// with malformed if it is damaged in a way that no crash can cause, with denied, not_found or io_error.
result<std::shared_ptr<memory_core>> make_file_core(const std::string& directory, std::size_t limit = 0);

/// The profile store in this process. Without files, its data ends with it. Besides values that are too
/// large, only writes fail: out_of_space over the limit or if the disk is full, io_error if the disk fails.
class memory_store final : public profile_store {
public:
  explicit memory_store(std::shared_ptr<memory_core> core, std::string address = "memory:");

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override;
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override;
  result<std::uint64_t> key_count() override;
  result<void> probe() override;
  store_state state() const override;

private:
  std::shared_ptr<memory_core> core_;
  const std::string address_;
};

/// Announces the profile changes of a memory store. One tracker per core: each batch is returned only once.
class memory_change_tracker final : public change_tracker {
public:
  explicit memory_change_tracker(std::shared_ptr<memory_core> core);

  result<change_batch> wait(std::chrono::milliseconds timeout) override;

private:
  std::shared_ptr<memory_core> core_;
};

} // namespace winnow
