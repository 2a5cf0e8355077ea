#pragma once

#include "redis/connection/command_channel.hpp"
#include "redis/connection/redis_connection.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>

namespace winnow {

/// Private to this folder: several batches in flight on one connection, each answered in its turn. Nothing
/// here waits. Used by one thread.
class reply_stream final : public command_channel {
public:
  struct time_limits {
    std::chrono::milliseconds silence; ///< Without a byte while replies are due.
    std::chrono::milliseconds batch;   ///< From the turn of a batch to its last reply, even with progress.
  };

  reply_stream(redis_connection connection, time_limits limits);

  reply_stream(reply_stream&& other) = default;

  void send(const command_batch& commands, receiver take) override;
  void send_to(std::size_t /*server*/, const command_batch& commands, receiver take) override {
    send(commands, std::move(take));
  }
  std::size_t servers() const noexcept override { return 1; }
  bool is_cluster() const noexcept override { return false; }
  std::uint64_t layout() override { return 0; }
  result<void> move() override;
  void abandon(const error& reason) override;
  bool empty() const noexcept override { return waiting_.empty(); }
  bool idle() override { return connection_.idle(); }
  int descriptor() const noexcept override { return connection_.descriptor(); }
  short events() const noexcept override;
  clock::time_point due() const override;

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
