#include "redis/transport/poll_group.hpp"

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT);

poll_group::poll_group() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0)
    throw std::system_error(errno, std::generic_category(), "cannot create an epoll descriptor");
}

poll_group::~poll_group() {
  ::close(epoll_);
}

void poll_group::watch(int descriptor, short events) const noexcept {
  epoll_event event{};
  event.events = static_cast<std::uint32_t>(events) | EPOLLONESHOT;
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) != 0 && errno == ENOENT)
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

} // namespace winnow
