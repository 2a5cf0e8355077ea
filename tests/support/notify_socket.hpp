#pragma once

#include "support/temp_dir.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace winnow::test {

/// The end of the service manager: a datagram socket, as NOTIFY_SOCKET names it.
class notify_socket {
public:
  /// @param abstract Whether it has an abstract name instead of a path.
  explicit notify_socket(bool abstract = false)
      : name_((abstract ? "@" : "") + directory_.path() + "/notify"),
        socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name_.data(), name_.size());
    if (abstract)
      address.sun_path[0] = '\0';
    const auto length = offsetof(sockaddr_un, sun_path) + name_.size() + (abstract ? 0 : 1);
    BOOST_REQUIRE_EQUAL(
        ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)), 0);
  }
  ~notify_socket() { ::close(socket_); }
  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  /// What NOTIFY_SOCKET says.
  const std::string& name() const { return name_; }

  /// Waits for the next datagram. @return Its text; empty if none came within 20 s.
  std::string next() const {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, 20'000) != 1)
      return {};
    return received();
  }

  /// Waits for a datagram that begins so. @return Its text; empty if none came.
  std::string next(const std::string& beginning) const {
    std::string text = next();
    while (!text.empty() && text.compare(0, beginning.size(), beginning) != 0)
      text = next();
    return text;
  }

  /// Whether no datagram has come.
  bool is_silent() const {
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 0;
  }

private:
  std::string received() const {
    std::array<char, 4096> bytes{};
    const auto length = ::recv(socket_, bytes.data(), bytes.size(), 0);
    return {bytes.data(), static_cast<std::size_t>(length < 0 ? 0 : length)};
  }

  const temp_dir directory_;
  const std::string name_;
  const int socket_;
};

} // namespace winnow::test
