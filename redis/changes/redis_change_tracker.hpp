#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/change_tracker.hpp"
#include "redis/changes/change_witness.hpp"
#include "redis/connection/redis_connection.hpp"
#include "redis/sentinel/failover_watch.hpp"

#include <cstdint>
#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace winnow {

/// Finds changed profiles with client tracking of Redis in broadcast mode (Redis 6 and later), which needs no
/// setting on the server. Uses two connections, as RESP2 requires: one is subscribed to invalidation
/// messages, the other enables tracking and redirects it to the first. If either breaks, both are reopened.
///
/// A third one, the witness, knows whether profiles changed meanwhile, so that a loss costs a sweep only
/// then. It is armed when no profile has changed for a while. It then counts once the two other connections
/// have echoed that they have sent all earlier announcements:
///
///   unarmed -- quiet for a heartbeat: `arm` --> armed -- both echo --> trusted -- an announcement -->
///   unarmed
///
/// Without the right to use it, or with changes all the time, each loss costs a sweep.
class redis_change_tracker final : public change_tracker {
public:
  /// @param heartbeat After this much silence a connection gets a PING, which must be answered within the
  ///        command timeout. Shorter than the shortest idle timeout of a server (`timeout 1`).
  explicit redis_change_tracker(store_settings settings,
                                std::chrono::milliseconds heartbeat = std::chrono::milliseconds(500));

  result<change_batch> wait(std::chrono::milliseconds timeout) override;
  void rest() override { links_.reset(); }

  /// Whether a loss of the connections would be known to have cost nothing, if no profile changes before.
  bool trusts_its_witness() const noexcept { return trusted_; }

  /// Adds the sockets that are readable when the next `wait` has something to do.
  void add_descriptors(std::vector<pollfd>& entries) const;

private:
  using clock = redis_connection::clock;

  struct link {
    redis_connection connection;
    clock::time_point next_ping;
    std::optional<clock::time_point> pong_due; ///< nullopt if no PING is pending.
    bool echo_due = false; ///< It has not confirmed yet that it sent all announcements before the arming.
  };

  struct links {
    link subscriber;
    link tracking;
  };

  result<void> connect(clock::time_point until);
  result<void> reopen(clock::time_point deadline);
  bool has_missed_nothing();
  bool may_return_at_once(const error& reason) const;
  result<void> tend_witness();
  result<void> arm_witness();
  result<void> ask_for_echoes();
  void disarm(clock::time_point until);
  void arm_later();
  void note_echo(link& one, const redisReply& reply);
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
  clock::time_point opened_; ///< When the links were opened.
  std::optional<error> last_error_;

  std::optional<change_witness> witness_; ///< Stays while the links are replaced.
  bool armed_ = false;
  bool trusted_ = false;
  std::uint64_t armings_ = 0;
  clock::time_point tend_at_;       ///< When to arm the witness, or to keep it alive.
  clock::duration arming_took_{};   ///< The last time.
  std::string witness_unavailable_; ///< Why, as logged last.
};

} // namespace winnow
