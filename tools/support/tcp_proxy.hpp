#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace winnow {

/// Passes the bytes of TCP connections on to a port of 127.0.0.1, until it is told to stop: then nothing
/// arrives on either side, and nobody learns of it, as if a cable had been pulled. Throws std::runtime_error
/// if it cannot listen.
class tcp_proxy {
public:
  explicit tcp_proxy(std::uint16_t to);
  ~tcp_proxy(); ///< Closes all connections.
  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  void cut() noexcept { cut_ = true; }
  void mend() noexcept { cut_ = false; } ///< Connections go on where they were cut.

private:
  struct route;

  void run();
  void accept_one();

  const std::uint16_t to_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> cut_{false}, over_{false};
  std::vector<std::unique_ptr<route>> routes_; ///< Of the thread.
  std::thread thread_;
};

} // namespace winnow
