#include "config/admin_address.hpp"

#include "config/quoted_text.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <system_error>

namespace winnow {

namespace {

tl::unexpected<error> wrong(std::string_view text) {
  return fail(fault::invalid_argument, "expected host:port, [address]:port or off, got " + quoted_text(text));
}

} // namespace

result<admin_address> parse_admin_address(std::string_view text) {
  admin_address address;
  if (text == "off") {
    address.off = true;
    return address;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return wrong(text);
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find(':') != std::string_view::npos) ||
      host.find_first_of(" \t[]/@\"") != std::string_view::npos)
    return wrong(text);
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (failure != std::errc() || stop != end)
    return wrong(text);
  address.host = host;
  return address;
}

std::string to_string(const admin_address& address) {
  if (address.off)
    return "off";
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_loopback(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1)
    return (ntohl(v4.s_addr) >> 24) == 127;
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1)
    return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

} // namespace winnow
