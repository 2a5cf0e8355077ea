#pragma once

namespace winnow {

/// Private to this folder and its parent: one descriptor that is readable when one of several sockets is
/// ready.
class poll_group {
public:
  poll_group(); ///< Throws std::system_error if the system has no more descriptors.
  ~poll_group();
  poll_group(const poll_group&) = delete;
  poll_group& operator=(const poll_group&) = delete;

  int descriptor() const noexcept { return epoll_; }

  /// Watches for the next event only: a socket that nobody awaits any more wakes at most once. A closed
  /// socket leaves the group.
  /// @param events As of poll().
  void watch(int descriptor, short events) const noexcept;

private:
  int epoll_;
};

} // namespace winnow
