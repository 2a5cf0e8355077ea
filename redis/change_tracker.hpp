#pragma once

#include "config/error.hpp"
#include "redis/records/keys.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace winnow {

/// Changes since the last batch.
struct change_batch {
  std::vector<profile_key> changed; ///< Written or removed; a key may occur more than once.
  /// Changes may have been missed (first connection, reconnection, flush). Only a sweep finds them.
  bool lost = false;
  /// Why the connection was replaced; empty if it was not. Without `lost`, nothing was missed meanwhile.
  std::string interrupted = {};
};

/// Announces changed profiles. Not thread-safe: one owner thread makes all calls; it need not be the owner of
/// the store. Changes in other databases of the same server are announced, too; the reader of the profile
/// then finds it unchanged.
class change_tracker {
public:
  change_tracker() = default;
  change_tracker(const change_tracker&) = delete;
  change_tracker& operator=(const change_tracker&) = delete;
  virtual ~change_tracker() = default;

  /// Blocks until something changes, at most for `timeout`. An attempt to connect may take longer: up to the
  /// connect timeout of the settings, which does not bound name resolution. Returns an empty batch if nothing
  /// changed. Errors: `unavailable` if the server cannot be reached; `unsupported` or `denied` if it cannot
  /// or will not announce changes, so that the caller must sweep. Later calls retry after growing pauses. A
  /// call within a pause sleeps before it reports the same error, so that callers may simply loop.
  virtual result<change_batch> wait(std::chrono::milliseconds timeout) = 0;

  /// Gives up the connections until the next `wait`, which then reports a loss.
  virtual void rest() {}
};

} // namespace winnow
