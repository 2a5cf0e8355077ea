#pragma once

#include "config/settings/settings.hpp"
#include "http/connection/cors.hpp"
#include "http/observer.hpp"
#include "http/router.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace winnow::http {

/// What all connections of a server share. It outlives them; its members are immutable or thread-safe.
class server_state {
public:
  server_state(const http_settings& given, std::shared_ptr<const router> table, observer watcher)
      : settings(given), routes(std::move(table)), watch(std::move(watcher)), cors(given.cors_origins) {}

  const http_settings settings;
  const std::shared_ptr<const router> routes;
  const observer watch;
  const cors_policy cors;
  std::atomic<bool> retiring{false}; ///< No connection is kept alive any more.

  std::atomic<std::size_t> connections{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};

  void connections_changed(std::size_t now) const {
    if (watch.on_connections)
      watch.on_connections(now);
  }

  /// Whether anybody wants to know of exchanges.
  bool is_watched() const noexcept { return settings.access_log || watch.on_exchange; }

  /// Tells the observer, and the access log where it is on.
  void report(const exchange& done) const;

  void exchange_begins() noexcept { ++in_flight_; }
  void exchange_ends();
  std::size_t in_flight() const noexcept { return in_flight_; }

  /// Waits until nothing is in flight; false where `limit` came first.
  bool wait_for_quiet(std::chrono::milliseconds limit);

private:
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<int> waiting_{0}; ///< Threads in `wait_for_quiet`: an exchange takes the lock only for them.
  std::mutex mutex_;
  std::condition_variable quiet_;
};

} // namespace winnow::http
