#include "actors/store/socket_waiter.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

int open_eventfd() {
  const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0)
    throw std::system_error(errno, std::generic_category(), "cannot create an eventfd");
  return descriptor;
}

int milliseconds_until(std::chrono::steady_clock::time_point then) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(then - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

} // namespace

socket_waiter::socket_waiter(std::function<void()> ready)
    : ready_(std::move(ready)), wake_(open_eventfd()), thread_([this] { run(); }) {}

socket_waiter::~socket_waiter() {
  {
    const std::lock_guard lock(mutex_);
    order_.stop = true;
  }
  wake();
  thread_.join();
  ::close(wake_);
}

void socket_waiter::wait_for(const store_wait& what) {
  {
    const std::lock_guard lock(mutex_);
    order_.what = what;
    ++order_.number;
  }
  wake();
}

void socket_waiter::wake() const {
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then the thread wakes as well.
  static_cast<void>(!::write(wake_, &one, sizeof one));
}

socket_waiter::order socket_waiter::current() const {
  const std::lock_guard lock(mutex_);
  return order_;
}

/// Ends this wait, unless another has replaced it. @return Whether it did.
bool socket_waiter::finish(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  if (order_.number != number)
    return false;
  order_.what.reset();
  return true;
}

void socket_waiter::run() {
  for (auto now = current(); !now.stop; now = current()) {
    std::array<pollfd, 2> entries{pollfd{wake_, POLLIN, 0}, pollfd{-1, 0, 0}};
    if (now.what)
      entries[1] = {now.what->descriptor, now.what->events, 0};
    const int count =
        ::poll(entries.data(), entries.size(), now.what ? milliseconds_until(now.what->until) : -1);
    if (entries[0].revents != 0) {
      std::uint64_t times = 0;
      static_cast<void>(!::read(wake_, &times, sizeof times));
      continue;
    }
    const bool over = count == 0 || (count > 0 && entries[1].revents != 0);
    if (now.what && over && finish(now.number))
      ready_();
  }
}

} // namespace winnow
