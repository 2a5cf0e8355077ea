#pragma once

#include "http/connection/client_places.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace winnow::http {

/// One client's connection, as its worker sees it. Used on the worker's thread only.
class connection {
public:
  using clock = std::chrono::steady_clock;

  connection() = default;
  virtual ~connection() = default;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// The server is retiring: closes an idle connection and ends a stream of events; a request in progress is
  /// still answered.
  virtual void retire() = 0;

  /// Closes the connection at once.
  virtual void close() = 0;

  /// Acts if the deadline has passed.
  virtual void expire(clock::time_point now) = 0;

  /// Since when the connection has only waited for its client; nullopt if it does something else. Such
  /// connections are closed first if there is no room for another.
  virtual std::optional<clock::time_point> idle_since() const { return std::nullopt; }

  /// Since when the client has taken no byte of an answer that waits for it; nullopt if none waits.
  virtual std::optional<clock::time_point> still_since() const { return std::nullopt; }

  /// Closes the connection although an answer waits: the waiting ones take too much memory.
  virtual void give_up_answer() {}

  client_places::place client; ///< Counts for the limit of its client; may be empty.
  bool spare = false;          ///< Over a limit: it gets one answer, usually a 503.
  bool served = false;   ///< Whether it was spare, and got the answer that it asked for: that of a probe.
  std::size_t place = 0; ///< Index in the worker's list; maintained by the worker.
};

} // namespace winnow::http
