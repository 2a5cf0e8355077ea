#pragma once

#include <filesystem>
#include <utility>

namespace winnow {

/// Tells other processes that a draft is being written: see `draft_of`; it is renamed when it is complete.
/// The system unlocks it if the process is killed. The process's id alone would not tell, because containers
/// that share a volume may have the same ones.
class draft_lock {
public:
  /// Holds nothing.
  draft_lock() = default;

  /// Locks the open draft until destruction, also after the caller closes its descriptor. Never waits. Holds
  /// nothing if another one holds the draft, or if the file system has no locks.
  explicit draft_lock(int descriptor);

  ~draft_lock();
  draft_lock(draft_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  draft_lock& operator=(draft_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  draft_lock(const draft_lock&) = delete;
  draft_lock& operator=(const draft_lock&) = delete;

  /// False if this holds nothing.
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

private:
  int descriptor_ = -1;
};

/// The draft of `path` that this process writes: `path.PID`.
std::filesystem::path draft_of(const std::filesystem::path& path);

/// Removes the drafts of `path` that killed processes of this user left behind. Those that cannot be locked
/// stay. Blocking.
void remove_abandoned_drafts(const std::filesystem::path& path);

} // namespace winnow
