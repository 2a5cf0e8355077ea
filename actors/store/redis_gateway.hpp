#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"
#include "actors/store/socket_waiter.hpp"
#include "config/log/flood_limit.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <map>
#include <memory>
#include <vector>

namespace winnow {

/// The gateway's interface, including the messages that it sends to itself.
using redis_gateway_self = redis_gateway_actor::extend<
    // Run the gathered commands as one pipeline.
    caf::reacts_to<flush_atom>,
    // Check the connection, even if there are no requests.
    caf::reacts_to<probe_atom>,
    // Replies of the store may have arrived, or are late.
    caf::reacts_to<arrived_atom>>;

/// What a gateway works with.
struct gateway_parts {
  std::shared_ptr<profile_store> store; ///< Used by one gateway at a time.
  std::shared_ptr<health_board> health; ///< Null for background work: then it neither publishes nor logs.
  std::shared_ptr<metrics> meters;
  actor_record_ptr record;
};

/// Owns the profile store. Gathers the queued requests into one pipeline: on the first one of a burst, the
/// gateway sends itself a flush message, which arrives after all requests that were queued by then.
///
/// Pipelines overlap. The replies of a near server are worth a short wait, in which further commands gather
/// for the next pipeline. Of a distant one they are left to a `socket_waiter`, and the gateway sends further
/// pipelines meanwhile.
struct redis_gateway_state {
  static inline const char* name = "redis_gateway";

  explicit redis_gateway_state(redis_gateway_self::pointer owner);

  void start(gateway_parts parts);
  /// @param steps Those that wait for the commands; null: none.
  caf::result<store_replies> gather(const store_commands& commands, traced_steps steps = nullptr);
  void flush();
  void arrived();
  void probe();
  scan_reply scan(key_family family, std::uint64_t cursor, std::uint64_t count);
  count_reply count();
  actor_status_ptr status() const;

private:
  /// Commands and the promise of their replies. If still unanswered, the destructor answers it, even after a
  /// crash.
  class waiting_batch {
  public:
    using promise = caf::typed_response_promise<store_replies>;

    waiting_batch(store_commands commands, traced_steps steps, promise answer)
        : commands_(std::move(commands)), steps_(std::move(steps)), promise_(std::move(answer)) {}
    ~waiting_batch();
    waiting_batch(waiting_batch&&) noexcept = default; ///< Leaves the source without commands.
    waiting_batch& operator=(waiting_batch&&) = delete;

    const std::vector<store_command>& commands() const { return *commands_; }
    void taken(steady_clock::time_point at, std::size_t pipeline_size) const;
    void done(steady_clock::time_point at) const;
    void answer(std::vector<store_reply> replies);

  private:
    store_commands commands_; ///< Null once answered.
    traced_steps steps_;      ///< Null: none.
    promise promise_;
  };

  /// Publishes whether the store answers, and what it does for the daemon. Logs changes.
  void publish_state();
  void log_connection(const store_state& state);
  void log_troubles(const store_state& state);
  void log_room(const store_state& state);
  void log_lateness();

  /// Commands that were sent as one pipeline.
  struct pipeline {
    std::vector<waiting_batch> batches;
    std::size_t size;
    steady_clock::time_point sent;
  };

  void collect();
  void finish(finished_commands done);
  void answer(pipeline sent, std::vector<store_reply> replies);
  void wait_for_replies();

  redis_gateway_self::pointer self_;
  burst_signal<redis_gateway_self, flush_atom> flush_;
  std::shared_ptr<profile_store> store_;
  std::shared_ptr<health_board> health_;
  std::shared_ptr<metrics> metrics_;
  actor_record_ptr record_;
  std::vector<waiting_batch> waiting_;
  std::size_t waiting_commands_ = 0;
  std::map<std::uint64_t, pipeline> under_way_; ///< By ticket.
  std::uint64_t last_ticket_ = 0;
  std::size_t commands_under_way_ = 0;
  bool near_ = true; ///< The last replies came within the time that is worth a wait.
  std::unique_ptr<socket_waiter> waiter_;
  flood_limit trouble_log_;                              ///< The store may refuse and serve by turns.
  std::array<std::string, store_needs> logged_troubles_; ///< Empty: none.
  bool full_ = false;
  bool late_ = false; ///< The store's round trips do not fit into the deadline of a request.
  bool connected_ = false;
  std::string logged_error_; ///< The last error that was logged.
  bool published_ = false;
};

/// @note May block while it connects: the spawner passes `caf::detached`.
redis_gateway_self::behavior_type
redis_gateway(redis_gateway_self::stateful_pointer<redis_gateway_state> self, gateway_parts parts);

} // namespace winnow
