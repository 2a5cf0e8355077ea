#include "redis/connection/host_addresses.hpp"

#include <array>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>

namespace winnow {

result<std::vector<std::string>> host_addresses(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &first); failure != 0)
    return fail(fault::unavailable, ::gai_strerror(failure));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(first, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = first; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) ==
        0)
      addresses.emplace_back(text.data());
  }
  if (addresses.empty())
    return fail(fault::unavailable, "the host has no address");
  return addresses;
}

} // namespace winnow
