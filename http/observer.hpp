#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace winnow::http {

/// One answered request, for metrics. The views are valid only during the call.
struct exchange {
  std::string_view route;  ///< The route's pattern, or `unmatched`: safe as a label.
  std::string_view method; ///< As sent; empty if the request line is malformed. Not safe as a label.
  std::string_view target; ///< As sent, but with the value of `access_token` masked as `***`.
  unsigned status = 0;
  std::chrono::nanoseconds duration{}; ///< From the first byte of the request to the last of the answer.
  std::size_t bytes = 0;               ///< Sent, including headers.
  /// Why the client did not get all of the answer; empty: it did, as far as the server can tell.
  /// - `timeout`: it was too slow, see `answer_progress`;
  /// - `memory`: the answers that waited for clients took too much;
  /// - `disconnected`: the connection broke;
  /// - `shutdown`: the server stopped.
  std::string_view cut;
  std::string_view request_id;
  std::string_view client;  ///< Address and port.
  std::string_view token;   ///< The name of the token that the client sent; empty: none.
  std::string_view context; ///< What the client said about the request; empty: nothing.
  std::string_view trace;   ///< The id of the request's trace; empty: none.
};

/// Follows a single exchange, beside the observer of all of them. An answer brings it along.
class exchange_follower {
public:
  virtual ~exchange_follower() = default;

  /// The id of the trace to which the exchange belongs; empty: none. Valid as long as this object.
  virtual std::string_view trace() const noexcept = 0;

  /// Called on an I/O thread once the answer has been sent, or was cut. Not called if the
  /// client left before the answer. Must not block or throw.
  virtual void answered(const exchange& done) = 0;
};

/// Callbacks through which the server reports what it does; each may be empty. Called on the I/O threads:
/// they must not block or throw, and must be thread-safe if there are several threads.
struct observer {
  std::function<void(const exchange&)> on_exchange;
  std::function<void(std::size_t)> on_connections; ///< The number of open connections, after each change.
  /// A client may not make its request: `no_token`, `unknown_token`, `read_only_token` or `rate`.
  std::function<void(std::string_view)> on_refused_client = {};
  /// A TLS connection did not come about: `timeout`, `not_tls`, `certificate` (the client's) or `other`.
  std::function<void(std::string_view)> on_failed_handshake = {};
};

} // namespace winnow::http
