#pragma once

#include <chrono>
#include <cstddef>

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

  std::size_t place = 0; ///< Index in the worker's list; maintained by the worker.
};

} // namespace winnow::http
