#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "http/access/security.hpp"
#include "http/observer.hpp"
#include "http/router.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace winnow::http {

/// Counters of a server.
struct server_counts {
  std::size_t connections = 0;  ///< Currently open.
  std::size_t in_flight = 0;    ///< Requests whose answer has not been sent yet.
  std::uint64_t accepted = 0;   ///< Connections accepted since the start.
  std::uint64_t refused = 0;    ///< Of those, refused because of the connection limit, and closed.
  std::size_t unsent_bytes = 0; ///< Memory of answers that wait for their clients.
};

/// An HTTP/1.1 server. All members are called from outside the I/O threads.
class server {
public:
  /// @param threads Number of I/O threads; each connection stays on one of them.
  server(const http_settings& settings, std::shared_ptr<const router> routes, observer watch = {},
         std::size_t threads = 1, security guard = {});
  ~server(); ///< Calls stop().
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and starts the threads. Called once. Returns the port, which differs from the settings if they ask
  /// for port 0. Fails with conflict (port in use), denied (no permission for the port), invalid_argument
  /// (not an address, or not one of this machine) or io_error; each names the address.
  result<std::uint16_t> listen();

  /// Accepts no new connections. Idle connections are closed; the others get `Connection: close` with their
  /// next answer.
  void stop_accepting();

  /// Waits until every request in flight is answered. Returns false if `limit` expires first.
  bool drain(std::chrono::milliseconds limit);

  /// Closes all connections and joins the threads. Idempotent. Responders that are still held become no-ops.
  void stop();

  server_counts counts() const noexcept;

private:
  struct machinery; ///< Keeps Beast and Asio out of this header.
  std::unique_ptr<machinery> machinery_;
};

} // namespace winnow::http
