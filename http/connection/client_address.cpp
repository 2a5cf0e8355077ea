#include "http/connection/client_address.hpp"

#include "http/text.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>

namespace winnow::http {

namespace {

constexpr std::size_t ipv4_offset = 12; // behind ::ffff:
constexpr ip_bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_ipv4(const ip_bytes& address) noexcept {
  return std::equal(address.begin(), address.begin() + ipv4_offset, mapped_prefix.begin());
}

bool is_own_machine(const ip_bytes& address) noexcept {
  constexpr ip_bytes ipv6_loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return is_ipv4(address) ? address[ipv4_offset] == 127 : address == ipv6_loopback;
}

std::string_view without_quotes(std::string_view text) noexcept {
  return text.size() > 1 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2)
                                                                      : text;
}

/// An address as proxies write it: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
std::string_view without_port(std::string_view node) noexcept {
  if (!node.empty() && node.front() == '[')
    return node.substr(1, node.find(']') - 1);
  const bool has_port = std::count(node.begin(), node.end(), ':') == 1;
  return has_port ? node.substr(0, node.find(':')) : node;
}

/// The value of `for` in one element of Forwarded, e.g. `for="[2001:db8::1]:4711";proto=https`.
std::string_view for_parameter(std::string_view element) noexcept {
  while (!element.empty()) {
    std::string_view value = next_part(element, ';');
    if (equal_ignoring_case(next_part(value, '='), "for"))
      return without_quotes(trimmed(value));
  }
  return {};
}

/// Removes the last element of a list from `list`, and returns it.
std::string_view last_part(std::string_view& list) noexcept {
  const auto comma = list.rfind(',');
  const auto part = trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return part;
}

} // namespace

std::optional<ip_bytes> peer_address(const stream_socket& socket) {
  boost::system::error_code ec;
  const auto found = socket.remote_endpoint(ec);
  if (ec || found.protocol().family() == AF_UNIX)
    return std::nullopt;
  boost::asio::ip::tcp::endpoint peer;
  peer.resize(found.size());
  std::memcpy(peer.data(), found.data(), found.size());
  ip_bytes bytes = mapped_prefix;
  if (peer.address().is_v6())
    return peer.address().to_v6().to_bytes();
  const auto ipv4 = peer.address().to_v4().to_bytes();
  std::copy(ipv4.begin(), ipv4.end(), bytes.begin() + ipv4_offset);
  return bytes;
}

std::string counted_name(const ip_bytes& address) {
  const std::size_t size = is_ipv4(address) ? address.size() : 8;
  return {reinterpret_cast<const char*>(address.data()), size};
}

std::string limited_name(const ip_bytes& address) {
  return is_own_machine(address) ? std::string() : counted_name(address);
}

std::string forwarded_client(std::string_view x_forwarded_for, std::string_view forwarded,
                             const network_list& trusted) {
  std::string client;
  const bool plain = !x_forwarded_for.empty();
  // From the back: each proxy appends the address that it saw, and what stands before an untrusted one is
  // hearsay.
  for (std::string_view rest = plain ? x_forwarded_for : forwarded; !rest.empty();) {
    const std::string_view element = last_part(rest);
    const std::string_view text = without_port(plain ? without_quotes(element) : for_parameter(element));
    const auto address = parse_ip(text);
    if (!address)
      break; // `unknown`, an invented name, or nonsense.
    client = text;
    if (!trusted.contains(*address))
      break;
  }
  return client;
}

} // namespace winnow::http
