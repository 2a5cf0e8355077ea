#pragma once

#include "actors/health_board.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <vector>

namespace winnow {

/// Owns the profile store. Requests that wait are gathered into one pipeline: the first of a burst sends the
/// gateway a flush message, which arrives behind all requests that were waiting by then.
struct redis_gateway_state {
  static inline const char* name = "redis_gateway";

  explicit redis_gateway_state(redis_gateway_actor::pointer owner);
  ~redis_gateway_state();

  void start(std::shared_ptr<profile_store> store, std::shared_ptr<health_board> health,
             std::shared_ptr<metrics> meters);
  caf::result<store_replies> gather(const store_commands& commands);
  void flush();
  void probe();
  scan_reply scan(key_family family, std::uint64_t cursor, std::uint64_t count);
  count_reply count();

private:
  struct waiting_batch {
    store_commands commands;
    caf::typed_response_promise<store_replies> answer;
  };

  /// Publishes whether the store answers, and logs the change.
  void publish_connection();

  redis_gateway_actor::pointer self_;
  std::shared_ptr<profile_store> store_;
  std::shared_ptr<health_board> health_;
  std::shared_ptr<metrics> metrics_;
  std::vector<waiting_batch> waiting_;
  std::size_t waiting_commands_ = 0;
  std::vector<store_command> pipeline_;
  bool flush_sent_ = false;
  bool connected_ = false;
  bool published_ = false;
};

/// @note Blocks on the store: the spawner passes `caf::detached`.
redis_gateway_actor::behavior_type
redis_gateway(redis_gateway_actor::stateful_pointer<redis_gateway_state> self,
              std::shared_ptr<profile_store> store, std::shared_ptr<health_board> health,
              std::shared_ptr<metrics> meters);

} // namespace winnow
