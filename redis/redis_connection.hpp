#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "redis/command_batch.hpp"
#include "redis/reply.hpp"

#include <chrono>
#include <hiredis.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: one connection to a Redis server, connected and logged in for as long as it lives.
/// Owned by one thread.
///
/// After any error from a member function the stream is out of step (a late reply would answer the next
/// command): the owner must destroy the connection. Every wait has a deadline; nothing waits on a single read
/// or write.
class redis_connection {
public:
  using clock = std::chrono::steady_clock;

  /// What came back for a batch: replies in order, and why the rest is missing where some is.
  struct answers {
    std::vector<reply_ptr> replies;
    std::optional<error> lost; ///< Set: the connection is broken.
  };

  /// Connects, then AUTH, SELECT and CLIENT SETNAME as the settings say. Errors: `unavailable`, `timeout`,
  /// `denied`, `invalid_argument` (no such database). Name resolution is the system's and knows no deadline.
  static result<redis_connection> open(const store_settings& settings, clock::time_point deadline);

  /// Sends all commands and reads all replies, in one deadline.
  answers exchange(const command_batch& commands, clock::time_point deadline);

  /// Sends without reading; a deadline in the past sends what the socket takes at once.
  result<void> send(const command_batch& commands, clock::time_point deadline);

  /// Reads what has arrived, without waiting. Call it when `descriptor` is readable.
  result<void> fill();

  /// The next reply out of what was read; null: no whole one yet.
  result<reply_ptr> next();

  /// Whether nothing is unread and the server has not hung up: the state in which a batch may begin.
  bool idle() const;

  int descriptor() const noexcept { return context_->fd; }

private:
  struct context_deleter {
    void operator()(redisContext* context) const noexcept { redisFree(context); }
  };
  using context_ptr = std::unique_ptr<redisContext, context_deleter>;

  redis_connection(context_ptr context, std::string address);

  result<void> finish_connecting(clock::time_point deadline);
  result<void> log_in(const store_address& address, clock::time_point deadline);
  result<void> move(std::string_view& unsent, clock::time_point deadline);
  result<void> take(std::vector<reply_ptr>& replies, std::size_t wanted);
  result<void> write_some(std::string_view& unsent);
  result<short> await(short events, clock::time_point deadline) const;
  tl::unexpected<error> broken(fault cause, std::string_view what) const;

  context_ptr context_;
  std::string address_; ///< Masked.
};

} // namespace winnow
