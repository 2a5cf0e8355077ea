#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/change_tracker.hpp"
#include "redis/redis_connection.hpp"
#include "redis/sentinel/failover_watch.hpp"

#include <optional>
#include <poll.h>
#include <string_view>
#include <vector>

namespace winnow {

/// Finds changed profiles with client tracking of Redis in broadcast mode (Redis 6 and later), which needs no
/// setting on the server. Uses two connections, as RESP2 requires: one is subscribed to invalidation
/// messages, the other enables tracking and redirects it to the first. If either breaks, both are reopened.
class redis_change_tracker final : public change_tracker {
public:
  /// @param heartbeat After this much silence a connection gets a PING, which must be answered within the
  ///        command timeout. Shorter than the shortest idle timeout of a server (`timeout 1`), because a lost
  ///        connection costs a sweep.
  explicit redis_change_tracker(store_settings settings,
                                std::chrono::milliseconds heartbeat = std::chrono::milliseconds(500));

  result<change_batch> wait(std::chrono::milliseconds timeout) override;

  /// Adds the sockets that are readable when the next `wait` has something to do.
  void add_descriptors(std::vector<pollfd>& entries) const;

private:
  using clock = redis_connection::clock;

  struct link {
    redis_connection connection;
    clock::time_point next_ping;
    std::optional<clock::time_point> pong_due; ///< nullopt if no PING is pending.
  };

  struct links {
    link subscriber;
    link tracking;
  };

  result<void> connect(clock::time_point until);
  result<links> open(clock::time_point deadline) const;
  result<void> collect(clock::time_point until, change_batch& batch);
  result<void> listen(clock::time_point until);
  result<void> read(change_batch& batch);
  result<void> beat(link& one);
  clock::time_point next_beat() const;
  void heard(link& one) const;
  void lose(error reason);

  store_settings settings_;
  std::chrono::milliseconds heartbeat_;
  std::shared_ptr<failover_watch> watch_; ///< If there are sentinels.
  backoff pauses_;
  std::optional<links> links_;
  std::optional<error> last_error_;
};

} // namespace winnow
