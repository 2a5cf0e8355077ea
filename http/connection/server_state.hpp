#pragma once

#include "config/log/flood_limit.hpp"
#include "config/settings/settings.hpp"
#include "config/settings/values/network_list.hpp"
#include "http/access/request_rates.hpp"
#include "http/access/security.hpp"
#include "http/connection/client_places.hpp"
#include "http/connection/cors.hpp"
#include "http/connection/response_head.hpp"
#include "http/observer.hpp"
#include "http/router.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace winnow::http {

/// The state that all connections of a server share. It outlives them. Its members are immutable or
/// thread-safe.
class server_state {
public:
  server_state(const http_settings& given, std::shared_ptr<const router> table, observer watcher,
               security given_security)
      : settings(given), guard(std::move(given_security)), rates(given.rate_limit, given.rate_burst),
        routes(std::move(table)), watch(std::move(watcher)), cors(given.cors_origins),
        keep_alive_line(keep_alive_line_for(given.idle_timeout)),
        trusted_proxies(network_list::parse(given.trusted_proxies).value_or(network_list())),
        places(given.max_client_connections > 0 ? given.max_client_connections
                                                : std::max<std::size_t>(given.max_connections / 2, 1)),
        failures_(log_failure, given.failure_interval) {}

  const http_settings settings;
  const security guard;
  request_rates rates; ///< Of the clients' requests.
  const std::shared_ptr<const router> routes;
  const observer watch;
  const cors_policy cors;
  const std::string keep_alive_line;  ///< For answers after which the connection stays open; may be empty.
  const network_list trusted_proxies; ///< The settings reader has validated it.
  client_places places; ///< Of client addresses: connections, and requests behind trusted proxies.
  std::atomic<bool> retiring{false}; ///< Whether connections are closed after their next answer.

  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> spares{0};       ///< Those of them that are over a limit.
  std::atomic<std::size_t> unsent_bytes{0}; ///< Memory of answers that wait for their clients.
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};

  void connections_changed(std::size_t now) const {
    if (watch.on_connections)
      watch.on_connections(now);
  }

  void refused_client(std::string_view reason) const {
    if (watch.on_refused_client)
      watch.on_refused_client(reason);
  }
  void failed_handshake(std::string_view reason) const {
    if (watch.on_failed_handshake)
      watch.on_failed_handshake(reason);
  }

  /// Whether `report` does anything.
  bool is_watched() const noexcept { return settings.access_log || watch.on_exchange; }

  /// Reports to the observer, and to the access log if it is enabled.
  void report(const exchange& done) const;

  /// Logs that the handler of a route failed.
  void report_failure(std::string_view route, std::string_view reason, std::string_view request_id) {
    failures_.note(route, request_id, reason);
  }

  /// Logs the failures that were counted since the last line, if it is time to. Called regularly.
  void report_due() { failures_.report_due(); }

  void exchange_begins() noexcept { ++in_flight_; }
  void exchange_ends();
  std::size_t in_flight() const noexcept { return in_flight_; }

  /// Waits until no request is in flight. Returns false if `limit` expires first.
  bool wait_for_quiet(std::chrono::milliseconds limit);

private:
  static void log_failure(const flood_limit::report& some);

  flood_limit failures_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<int> waiting_{0}; ///< Threads in `wait_for_quiet`; without any, exchanges take no lock.
  std::mutex mutex_;
  std::condition_variable quiet_;
};

} // namespace winnow::http
