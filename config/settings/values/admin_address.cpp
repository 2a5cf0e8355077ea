#include "config/settings/values/admin_address.hpp"

#include "config/text/ascii.hpp"
#include "config/text/inside_brackets.hpp"
#include "config/text/number_text.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/starts_with.hpp"

#include <arpa/inet.h>
#include <sys/un.h>

namespace winnow {

namespace {

constexpr std::string_view unix_scheme = "unix:";
constexpr std::string_view tls_scheme = "https://", plain_scheme = "http://"; // as it is printed
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

tl::unexpected<error> wrong(std::string_view text) {
  return fail(fault::invalid_argument,
              "expected host:port, [address]:port, https://host:port, unix:/path or off, got " +
                  quoted_text(text));
}

} // namespace

result<admin_address> parse_admin_address(std::string_view text) {
  admin_address address;
  if (equal_ignoring_case(text, "off")) {
    address.off = true;
    return address;
  }
  if (starts_with(text, unix_scheme)) {
    address.unix_path = text.substr(unix_scheme.size());
    if (address.unix_path.empty() || address.unix_path.front() != '/')
      return wrong(text);
    if (address.unix_path.size() > longest_path)
      return fail(fault::invalid_argument, "expected a path of at most " + std::to_string(longest_path) +
                                               " bytes, got " + quoted_text(text));
    return address;
  }
  address.tls = starts_with(text, tls_scheme);
  const bool plain = starts_with(text, plain_scheme);
  const auto place = text.substr(address.tls ? tls_scheme.size() : plain ? plain_scheme.size() : 0);
  const auto colon = place.rfind(':');
  if (colon == std::string_view::npos)
    return wrong(text);
  const auto bracketed = inside_brackets(place.substr(0, colon));
  const auto host = bracketed.value_or(place.substr(0, colon));
  if (host.empty() || (!bracketed && host.find(':') != std::string_view::npos) ||
      host.find_first_of(" \t[]/@\"") != std::string_view::npos)
    return wrong(text);
  const auto port = parse_integer<std::uint16_t>(place.substr(colon + 1));
  if (!port)
    return wrong(text);
  address.host = host;
  address.port = *port;
  return address;
}

std::string url_of(const admin_address& address) {
  const auto text = to_string(address);
  return address.tls ? text : "http://" + text;
}

std::string to_string(const admin_address& address) {
  if (address.off)
    return "off";
  if (!address.unix_path.empty())
    return std::string(unix_scheme) + address.unix_path;
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return std::string(address.tls ? tls_scheme : "") + (ipv6 ? "[" + address.host + "]" : address.host) + ":" +
         std::to_string(address.port);
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

bool shares_port(const admin_address& admin, const std::string& host, std::uint16_t port) {
  const auto is_wide = [](const std::string& name) {
    return name == "0.0.0.0" || name == "::" || name == "localhost";
  };
  return !admin.off && admin.unix_path.empty() && port != 0 && admin.port == port &&
         (admin.host == host || is_wide(admin.host) || is_wide(host));
}

bool is_local(const admin_address& address) {
  return !address.unix_path.empty() || is_loopback(address.host);
}

} // namespace winnow
