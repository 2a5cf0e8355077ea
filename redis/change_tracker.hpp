#pragma once

#include "config/error.hpp"
#include "redis/keys.hpp"

#include <chrono>
#include <vector>

namespace winnow {

/// What changed since the last batch.
struct change_batch {
  std::vector<profile_key> changed; ///< Written or removed; a key may come more than once.
  bool lost =
      false; ///< Changes were missed (first connection, reconnection, flush): only a sweep tells which.
};

/// Announces changed profiles. Not thread-safe: one owner thread calls everything, but it need not be the one
/// that owns the store. Changes in other databases of the same server are announced too: the reader of the
/// profile finds that nothing changed.
class change_tracker {
public:
  change_tracker() = default;
  change_tracker(const change_tracker&) = delete;
  change_tracker& operator=(const change_tracker&) = delete;
  virtual ~change_tracker() = default;

  /// Blocks until something changed, at most for `timeout` (name resolution not counted), which bounds
  /// attempts to connect too. An empty batch: nothing did. Errors: `unavailable` where the server is away;
  /// `unsupported` or `denied` where it cannot or will not announce changes: sweep instead. Later calls try
  /// again after pauses that grow, and sleep through a pause before they report its error once more, so a
  /// caller may simply loop.
  virtual result<change_batch> wait(std::chrono::milliseconds timeout) = 0;

  /// Whether changes are being announced at this moment.
  virtual bool live() const noexcept = 0;
};

} // namespace winnow
