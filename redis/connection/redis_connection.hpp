#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "redis/connection/command_batch.hpp"
#include "redis/connection/failover_record.hpp"
#include "redis/connection/reply.hpp"
#include "redis/transport/byte_stream.hpp"
#include "redis/transport/socket.hpp"

#include <chrono>
#include <hiredis.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: a connection to a Redis server, connected and logged in during its whole lifetime.
/// Used by one thread.
///
/// After any error of a member function the stream is out of step (a late reply would answer the next
/// command), so the owner must destroy the connection. Every wait has a deadline, which covers all of its
/// reads and writes.
class redis_connection {
public:
  using clock = std::chrono::steady_clock;

  /// The replies to a batch, in order, and the reason why some are missing, if any.
  struct answers {
    std::vector<reply_ptr> replies;
    std::optional<error> lost; ///< Set: the connection is broken.
  };

  redis_connection(redis_connection&& other) noexcept = default;
  redis_connection& operator=(redis_connection&& other) noexcept;

  /// Connects, then sends AUTH, SELECT and CLIENT SETNAME according to the settings. Errors: `unavailable`,
  /// `timeout`, `denied`, `invalid_argument` (no such database). If the host has several addresses, tries
  /// them in turn. Name resolution, which the system does, has no deadline. The address is that of a server:
  /// `open_server` takes all.
  static result<redis_connection> open(const store_settings& settings, clock::time_point deadline);

  /// The same for given addresses of the host, at least one. Each gets an equal share of the time that is
  /// left when its turn comes, so that a dead one does not use up the time of the others. Returns the last
  /// error.
  static result<redis_connection> open_at(const store_settings& settings,
                                          const std::vector<std::string>& addresses,
                                          clock::time_point deadline);

  /// What a server must be. `any` is not asked for.
  enum class role { any, master, replica };

  /// The same for the address of one server, which must have the role: else `unavailable`. If `failovers` is
  /// set, the connection is dropped in a failover to another server, also in one after the first
  /// `known_failovers`.
  static result<redis_connection> open_role(const store_settings& settings, role wanted,
                                            const std::shared_ptr<failover_record>& failovers,
                                            std::uint64_t known_failovers, clock::time_point deadline);

  /// Sends all commands and reads all replies before the deadline.
  /// @param owed Replies that are still due for commands that `send` sent. They come first, and are dropped.
  answers exchange(const command_batch& commands, clock::time_point deadline, std::size_t owed = 0);

  /// Sends one command and returns its reply. An error reply is returned as an error, whose message begins
  /// with `name`, and leaves the connection in step. `owed`: see `exchange`.
  result<reply_ptr> ask(std::string_view name, std::initializer_list<std::string_view> words,
                        clock::time_point deadline, std::size_t owed = 0);

  /// Sends without reading. With a deadline in the past, fails if the socket does not accept all bytes at
  /// once.
  result<void> send(const command_batch& commands, clock::time_point deadline);

  /// Sends as many bytes as the socket accepts without waiting, and removes them from `unsent`.
  result<void> write_some(std::string_view& unsent);

  /// Reads available bytes without waiting. Returns whether there were any.
  result<bool> fill();

  /// Returns the next reply among the bytes read; null if there is no complete one yet.
  result<reply_ptr> next();

  /// Whether there is no unread data and the server has not hung up. Only then may a batch start.
  bool idle();

  int descriptor() const noexcept { return stream_->descriptor(); }

  /// The error of a server that did not answer in time.
  tl::unexpected<error> late() const { return broken(fault::timeout, "no answer in time"); }

private:
  struct reader_deleter {
    void operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }
  };
  using reader_ptr = std::unique_ptr<redisReader, reader_deleter>;
  using stream_ptr = std::unique_ptr<byte_stream>;

  redis_connection(stream_ptr stream, reader_ptr reader, std::string address);

  /// What is asked of the server besides the log-in.
  struct demands {
    role wanted = role::any;
    std::shared_ptr<failover_record> failovers = nullptr;
    std::uint64_t known_failovers = 0;
  };

  static result<redis_connection> open_at(const store_settings& settings,
                                          const std::vector<std::string>& addresses, const demands& all,
                                          clock::time_point deadline);
  static result<redis_connection> enter(result<socket> dialled, const store_address& where,
                                        const demands& all, clock::time_point deadline);

  result<void> finish_connecting(clock::time_point deadline);
  result<void> log_in(const store_address& address, role wanted, clock::time_point deadline);
  result<void> check_role(role wanted, const redisReply& reply) const;
  result<void> move(std::string_view& unsent, clock::time_point deadline);
  result<void> take(std::vector<reply_ptr>& replies, std::size_t wanted);
  result<short> await(short events, clock::time_point deadline) const;
  tl::unexpected<error> broken(fault cause, std::string_view what) const;

  stream_ptr stream_;
  reader_ptr reader_;
  std::string address_;                                     ///< With the password masked.
  std::unique_ptr<failover_record::membership> membership_; ///< Ends before the stream.
};

} // namespace winnow
