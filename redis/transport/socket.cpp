#include "redis/transport/socket.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow {
namespace {

constexpr int socket_kind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

tl::unexpected<error> cannot(std::string_view what, int code) {
  return fail(fault::unavailable, std::string(what) + ": " + std::generic_category().message(code));
}

bool may_succeed(int code) {
  return code == EINPROGRESS || code == EINTR;
}

bool is_for_later(int code) {
  return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}

} // namespace

result<socket> socket::dial(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failure = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
      failure != 0)
    return fail(fault::unavailable, std::string("cannot connect: ") + ::gai_strerror(failure));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> where(found, ::freeaddrinfo);
  socket made(::socket(where->ai_family, socket_kind, 0));
  if (made.descriptor_ < 0)
    return cannot("cannot make a socket", errno);
  const int on = 1;
  if (::setsockopt(made.descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
    return cannot("cannot set TCP_NODELAY", errno);
  if (::connect(made.descriptor_, where->ai_addr, where->ai_addrlen) != 0 && !may_succeed(errno))
    return cannot("cannot connect", errno);
  return made;
}

result<socket> socket::dial_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return fail(fault::unavailable, "cannot connect: the path is longer than " +
                                        std::to_string(sizeof address.sun_path - 1) + " bytes");
  std::memcpy(address.sun_path, path.data(), path.size());
  socket made(::socket(AF_UNIX, socket_kind, 0));
  if (made.descriptor_ < 0)
    return cannot("cannot make a socket", errno);
  if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      !may_succeed(errno))
    return cannot("cannot connect", errno);
  return made;
}

socket::socket(socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

socket& socket::operator=(socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

socket::~socket() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

result<void> socket::finish_dialling() const {
  int code = 0;
  socklen_t size = sizeof code;
  if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
    code = errno;
  return code == 0 ? result<void>{} : cannot("cannot connect", code);
}

std::ptrdiff_t socket::write(std::string_view bytes) const noexcept {
  // Without SIGPIPE, which the system otherwise raises if the server has hung up.
  const auto written = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return written >= 0 ? written : is_for_later(errno) ? 0 : -errno;
}

std::ptrdiff_t socket::read(gsl::span<char> room) const noexcept {
  const auto received = ::recv(descriptor_, room.data(), room.size(), 0);
  if (received == 0)
    return hung_up;
  return received > 0 ? received : is_for_later(errno) ? 0 : -errno;
}

std::string socket_error_text(std::ptrdiff_t negative_number) {
  return negative_number == socket::hung_up
             ? "the server closed the connection"
             : std::generic_category().message(static_cast<int>(-negative_number));
}

} // namespace winnow
