#pragma once

#include "redis/connection/command_batch.hpp"
#include "redis/connection/redis_connection.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace winnow {

/// Private to this folder: takes batches of commands to Redis, one server or a cluster, several at a time.
/// Nothing here waits but an attempt to connect. Used by one thread.
class command_channel {
public:
  using clock = redis_connection::clock;

  /// Takes the replies to one batch; `lost` says why some are missing. May call `send`, unless some are.
  using receiver = std::function<void(redis_connection::answers)>;

  command_channel() = default;
  command_channel(command_channel&&) = default;
  command_channel& operator=(command_channel&&) = default;
  virtual ~command_channel() = default;

  /// Queues a batch, and sends as much as the socket takes.
  virtual void send(const command_batch& commands, receiver take) = 0;

  /// The same for commands without a key, to one of the servers that hold a part of the keys each.
  /// @param server Less than `servers()`.
  virtual void send_to(std::size_t server, const command_batch& commands, receiver take) = 0;
  virtual std::size_t servers() const noexcept = 0;

  /// Whether keys may move from one server to another.
  virtual bool is_cluster() const noexcept = 0;

  /// A number that changes when keys may have moved; 0 if this is no cluster. May block for the connect
  /// timeout.
  virtual std::uint64_t layout() = 0;

  /// Moves what can be moved, and calls the receivers of complete batches. An error means that the channel is
  /// broken or too slow: the owner then calls `abandon`.
  virtual result<void> move() = 0;

  /// Calls all receivers with what they got so far, and this reason. The channel is of no use any more.
  virtual void abandon(const error& reason) = 0;

  /// Whether no reply is due.
  virtual bool empty() const noexcept = 0;

  /// Whether the channel is usable while no reply is due.
  virtual bool idle() = 0;

  virtual int descriptor() const noexcept = 0;
  virtual short events() const noexcept = 0; ///< For poll(): what to wait for.

  /// When `move` must be called at the latest. Only while replies are due.
  virtual clock::time_point due() const = 0;
};

} // namespace winnow
