#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <vector>

namespace winnow {

/// The gateway as it sees itself: with the messages that it sends to itself.
using redis_gateway_self = redis_gateway_actor::extend<
    // Run the pipeline that was gathered.
    caf::reacts_to<flush_atom>,
    // Check the connection, also when nobody asks for data.
    caf::reacts_to<probe_atom>>;

/// Owns the profile store. Requests that wait are gathered into one pipeline: the first of a burst sends the
/// gateway a flush message, which arrives behind all requests that were waiting by then.
struct redis_gateway_state {
  static inline const char* name = "redis_gateway";

  explicit redis_gateway_state(redis_gateway_self::pointer owner);

  void start(std::shared_ptr<profile_store> store, std::shared_ptr<health_board> health,
             std::shared_ptr<metrics> meters, actor_record_ptr record);
  caf::result<store_replies> gather(const store_commands& commands);
  void flush();
  void probe();
  scan_reply scan(key_family family, std::uint64_t cursor, std::uint64_t count);
  count_reply count();
  actor_status_ptr status() const;

private:
  /// Commands and whom to answer; answered at the latest when it goes, also by a crash.
  class waiting_batch {
  public:
    using promise = caf::typed_response_promise<store_replies>;

    waiting_batch(store_commands commands, promise answer)
        : commands_(std::move(commands)), promise_(std::move(answer)) {}
    ~waiting_batch();
    waiting_batch(waiting_batch&&) noexcept = default; ///< Leaves the other without commands.
    waiting_batch& operator=(waiting_batch&&) = delete;

    const std::vector<store_command>& commands() const { return *commands_; }
    void answer(std::vector<store_reply> replies);

  private:
    store_commands commands_; ///< Null: answered.
    promise promise_;
  };

  /// Publishes whether the store answers, and logs the change.
  void publish_connection();
  void publish_writes(const std::vector<store_reply>& replies);

  redis_gateway_self::pointer self_;
  burst_signal<redis_gateway_self, flush_atom> flush_;
  std::shared_ptr<profile_store> store_;
  std::shared_ptr<health_board> health_;
  std::shared_ptr<metrics> metrics_;
  actor_record_ptr record_;
  std::vector<waiting_batch> waiting_;
  std::size_t waiting_commands_ = 0;
  std::vector<store_command> pipeline_;
  bool connected_ = false;
  std::string told_; ///< The reason that was logged last.
  bool published_ = false;
};

/// @note Blocks on the store: the spawner passes `caf::detached`.
redis_gateway_self::behavior_type
redis_gateway(redis_gateway_self::stateful_pointer<redis_gateway_state> self,
              std::shared_ptr<profile_store> store, std::shared_ptr<health_board> health,
              std::shared_ptr<metrics> meters, actor_record_ptr record);

} // namespace winnow
