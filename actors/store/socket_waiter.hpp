#pragma once

#include "redis/profile_store.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace winnow {

/// Waits on a thread of its own for a socket, so that its owner can do other things meanwhile. Thread-safe.
class socket_waiter {
public:
  /// @param ready Called on the waiter's thread, once for each wait that ends.
  explicit socket_waiter(std::function<void()> ready);
  ~socket_waiter();
  socket_waiter(const socket_waiter&) = delete;
  socket_waiter& operator=(const socket_waiter&) = delete;

  /// Waits for this from now on, instead of what it waits for. The socket may be closed meanwhile: the wait
  /// then ends, or goes on until its time is over.
  void wait_for(const store_wait& what);

private:
  struct order {
    std::optional<store_wait> what;
    std::uint64_t number = 0;
    bool stop = false;
  };

  void run();
  order current() const;
  void wake() const;
  bool finish(std::uint64_t number);

  const std::function<void()> ready_;
  const int wake_;           ///< An eventfd.
  mutable std::mutex mutex_; ///< Guards the order.
  order order_;
  std::thread thread_;
};

} // namespace winnow
