#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/connection/redis_connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: a connection that is opened when it is needed. After a failure, calls within a
/// pause, which grows, return the last error. In a cluster, it leads to the master that has the fleet's keys.
class fleet_link {
public:
  /// @param key One of the fleet's, which a cluster keeps together.
  fleet_link(const store_settings& settings, std::string key);

  result<void> open();
  void lose(error reason);

  /// The connection, after `open` and before `lose`.
  redis_connection& connection() { return *connection_; }
  bool is_open() const noexcept { return connection_.has_value(); }

  /// These send commands and wait for the replies, at most for the command time-out. Error replies are
  /// errors, except those of `exchange`.
  result<std::vector<reply_ptr>> exchange(const command_batch& commands);
  result<reply_ptr> call(const std::vector<std::string>& words);
  result<reply_ptr> run(std::string_view script, const std::vector<std::string>& keys,
                        const std::vector<std::string>& arguments);

private:
  result<redis_connection> connect();
  result<std::vector<reply_ptr>> exchange_once(const command_batch& commands);

  store_settings settings_;
  std::string key_;
  std::vector<store_place> places_; ///< Of a cluster's nodes.
  std::optional<redis_connection> connection_;
  backoff pauses_;
  std::optional<error> last_error_;
};

/// Returns the reply, or the server's error.
result<reply_ptr> checked(std::string_view context, reply_ptr reply);

/// Whether another server has the keys now, or is about to get them.
bool is_elsewhere(const redisReply& reply);

} // namespace winnow
