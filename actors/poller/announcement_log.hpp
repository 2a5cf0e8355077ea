#pragma once

#include "config/log/flood_limit.hpp"
#include "redis/change_tracker.hpp"

#include <string>

namespace winnow {

/// Logs whether the store announces changes. A connection that keeps breaking gets one line at first, and
/// then one a minute with the number of times. Used by one thread.
class announcement_log {
public:
  announcement_log();

  /// The store announces changes, for the first time or again.
  void resumed();

  /// The connection for announcements was replaced.
  void interrupted(const change_batch& batch);

  /// The store does not announce changes. Counts once until they are announced again.
  void stopped(const std::string& reason);

  /// Reports what was not logged yet, if it is time to.
  void report_due() { flood_.report_due(); }

private:
  bool is_stopped_ = false;
  bool unannounced_ = true; ///< The last line was not that changes are announced.
  flood_limit flood_;       ///< The last member, because it reports until it has ended.
};

} // namespace winnow
