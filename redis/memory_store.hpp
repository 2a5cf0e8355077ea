#pragma once

#include "redis/change_tracker.hpp"
#include "redis/profile_store.hpp"

#include <memory>

namespace winnow {

/// The data shared by a memory store and its tracker, which keep it alive. Thread-safe.
class memory_core;

std::shared_ptr<memory_core> make_memory_core();

/// The profile store in this process. Its data ends with it. It never fails, except for values that are too
/// large.
class memory_store final : public profile_store {
public:
  explicit memory_store(std::shared_ptr<memory_core> core);

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override;
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override;
  result<std::uint64_t> key_count() override;
  result<void> probe() override;
  store_state state() const override;

private:
  std::shared_ptr<memory_core> core_;
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
