#include "redis/connection/reply_stream.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace winnow {

reply_stream::reply_stream(redis_connection connection, time_limits limits)
    : connection_(std::move(connection)), limits_(limits) {}

void reply_stream::send(const command_batch& commands, receiver take) {
  if (commands.size() == 0)
    return take({});
  if (waiting_.empty())
    progress_ = turn_ = clock::now();
  unsent_.append(commands.bytes());
  waiting_.push_back({commands.size(), std::move(take), {}});
}

result<void> reply_stream::move() {
  std::string_view unsent = unsent_;
  auto moved = connection_.write_some(unsent);
  unsent_.erase(0, unsent_.size() - unsent.size());
  if (moved) {
    if (const auto filled = connection_.fill(); !filled)
      moved = tl::unexpected<error>(filled.error());
    else if (*filled)
      progress_ = clock::now();
  }
  // Replies count even if the server hung up right after them.
  if (auto received = receive(); !received)
    return received;
  if (moved && !waiting_.empty() && clock::now() >= due())
    return connection_.late();
  return moved;
}

result<void> reply_stream::receive() {
  while (!waiting_.empty()) {
    auto reply = connection_.next();
    if (!reply)
      return tl::unexpected<error>(std::move(reply.error()));
    if (!*reply)
      break;
    auto& first = waiting_.front();
    first.got.replies.push_back(std::move(*reply));
    if (first.got.replies.size() < first.wanted)
      continue;
    auto complete = std::move(first);
    waiting_.pop_front();
    turn_ = clock::now();
    complete.take(std::move(complete.got));
  }
  return {};
}

void reply_stream::abandon(const error& reason) {
  for (auto& one : std::exchange(waiting_, {})) {
    one.got.lost = reason;
    one.take(std::move(one.got));
  }
}

short reply_stream::events() const noexcept {
  return static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
}

reply_stream::clock::time_point reply_stream::due() const {
  return std::min(progress_ + limits_.silence, turn_ + limits_.batch);
}

} // namespace winnow
