#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "http/observer.hpp"
#include "http/router.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace winnow::http {

/// How much the server carries.
struct server_counts {
  std::size_t connections = 0; ///< Open now.
  std::size_t in_flight = 0;   ///< Requests whose answer is not sent yet.
  std::uint64_t accepted = 0;  ///< Connections since the start.
  std::uint64_t refused = 0;   ///< Of those, turned away at the connection cap.
};

/// An HTTP/1.1 server. All its members are called from outside the I/O threads.
class server {
public:
  /// @param threads I/O threads; each connection stays on one of them.
  server(const http_settings& settings, std::shared_ptr<const router> routes, observer watch = {},
         std::size_t threads = 1);
  ~server(); ///< stop().
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and starts; gives the port, which matters where the settings ask for 0. Called once.
  /// Fails with conflict (port in use), denied (no right to the port), invalid_argument (address that is not
  /// ours or not an address) or io_error, each naming the address.
  result<std::uint16_t> listen();

  /// No new connections; idle ones are closed, the others get `Connection: close` with their next answer.
  void stop_accepting();

  /// Waits until every request in flight is answered. False where `limit` came first.
  bool drain(std::chrono::milliseconds limit);

  /// Closes everything and joins the threads. Idempotent. Responders that are still held become no-ops.
  void stop();

  server_counts counts() const noexcept;

private:
  struct machinery; ///< Keeps Beast and Asio out of this header.
  std::unique_ptr<machinery> machinery_;
};

} // namespace winnow::http
