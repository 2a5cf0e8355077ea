#pragma once

#include "redis/command_batch.hpp"
#include "redis/redis_connection.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>

namespace winnow {

/// Private to this folder: several batches in flight on one connection, each answered in its turn. Nothing
/// here waits. Used by one thread.
class reply_stream {
public:
  using clock = redis_connection::clock;

  /// Takes the replies to one batch; `lost` says why some are missing. May call `send`, unless some are.
  using receiver = std::function<void(redis_connection::answers)>;

  struct time_limits {
    std::chrono::milliseconds silence; ///< Without a byte while replies are due.
    std::chrono::milliseconds batch;   ///< From the turn of a batch to its last reply, even with progress.
  };

  reply_stream(redis_connection connection, time_limits limits);

  /// Queues a batch, and sends as much as the socket takes.
  void send(const command_batch& commands, receiver take);

  /// Moves what can be moved, and calls the receivers of complete batches. An error means that the connection
  /// is broken or too slow: the owner then calls `abandon`.
  result<void> move();

  /// Calls all receivers with what they got so far, and this reason. The stream is of no use any more.
  void abandon(const error& reason);

  /// Whether no reply is due.
  bool empty() const noexcept { return waiting_.empty(); }

  /// Whether the connection is usable while no reply is due.
  bool idle() { return connection_.idle(); }

  int descriptor() const noexcept { return connection_.descriptor(); }
  short events() const noexcept; ///< For poll(): what to wait for.

  /// When `move` must be called at the latest. Only while replies are due.
  clock::time_point due() const;

private:
  struct entry {
    std::size_t wanted;
    receiver take;
    redis_connection::answers got;
  };

  result<void> receive();

  redis_connection connection_;
  time_limits limits_;
  std::string unsent_;
  std::deque<entry> waiting_;  ///< In the order of their replies.
  clock::time_point progress_; ///< When bytes arrived last, or when the first reply became due.
  clock::time_point turn_;     ///< When the first batch became the first.
};

} // namespace winnow
