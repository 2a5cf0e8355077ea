#include "tools/support/tcp_proxy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace winnow {

namespace {

constexpr std::size_t most_buffered = 256 * 1024;
constexpr int look_ms = 20; // how soon it notices that it is told something

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// One direction of a connection.
struct flow {
  int from, to;
  std::string held; ///< Received and not sent yet.

  /// @return False if either side is gone.
  bool receive() {
    std::array<char, 16 * 1024> some{};
    const auto size = ::recv(from, some.data(), some.size(), MSG_DONTWAIT);
    if (size > 0)
      held.append(some.data(), static_cast<std::size_t>(size));
    return size > 0 || (size < 0 && errno == EAGAIN);
  }

  bool send() {
    if (held.empty())
      return true;
    const auto size = ::send(to, held.data(), held.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size > 0)
      held.erase(0, static_cast<std::size_t>(size));
    return size > 0 || errno == EAGAIN;
  }
};

} // namespace

struct tcp_proxy::route {
  route(int client, int server) : client_(client), server_(server) {}
  ~route() {
    ::close(client_);
    ::close(server_);
  }
  route(const route&) = delete;
  route& operator=(const route&) = delete;

  const int client_, server_;
  flow up{client_, server_, {}}, down{server_, client_, {}};
  bool gone = false;
};

tcp_proxy::tcp_proxy(std::uint16_t to)
    : to_(to), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    ::close(listener_);
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

tcp_proxy::~tcp_proxy() {
  over_ = true;
  thread_.join();
  routes_.clear();
  ::close(listener_);
}

void tcp_proxy::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0)
    return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto made = std::make_unique<route>(client, server);
  const auto address = loopback(to_);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return; // closes both: the client is refused as well
  const int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  routes_.push_back(std::move(made));
}

void tcp_proxy::run() {
  while (!over_) {
    if (cut_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(look_ms));
      continue;
    }
    std::vector<pollfd> waits{{listener_, POLLIN, 0}};
    for (const auto& one : routes_)
      for (const auto& [flow, back] : {std::pair(&one->up, &one->down), std::pair(&one->down, &one->up)}) {
        const bool may_receive = flow->held.size() < most_buffered;
        waits.push_back({flow->from,
                         static_cast<short>((may_receive ? POLLIN : 0) | (back->held.empty() ? 0 : POLLOUT)),
                         0});
      }
    if (::poll(waits.data(), waits.size(), look_ms) <= 0 || cut_)
      continue;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      auto& one = *routes_[i];
      for (const auto& [flow, wait] :
           {std::pair(&one.up, &waits[1 + 2 * i]), std::pair(&one.down, &waits[2 + 2 * i])})
        if ((wait->revents & (POLLIN | POLLHUP | POLLERR)) != 0 && flow->held.size() < most_buffered)
          one.gone = !flow->receive() || one.gone;
      one.gone = !one.up.send() || one.gone;
      one.gone = !one.down.send() || one.gone;
    }
    const bool asked = (waits[0].revents & POLLIN) != 0;
    routes_.erase(std::remove_if(routes_.begin(), routes_.end(), [](const auto& one) { return one->gone; }),
                  routes_.end());
    if (asked)
      accept_one();
  }
}

} // namespace winnow
