#include "http/connection/client_address.hpp"

#include "http/text.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <optional>

namespace winnow::http {

namespace {

constexpr std::size_t ipv4_offset = 12; // behind ::ffff:
constexpr ip_bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_ipv4(const ip_bytes& address) noexcept {
  return std::equal(address.begin(), address.begin() + ipv4_offset, mapped_prefix.begin());
}

/// The text of a quoted string (RFC 9110, 5.6.4), or any other text as it is.
std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return std::string(text);
  std::string made;
  for (text = text.substr(1, text.size() - 2); !text.empty(); text.remove_prefix(1)) {
    if (text.front() == '\\' && text.size() > 1)
      text.remove_prefix(1);
    made += text.front();
  }
  return made;
}

/// Where the last separator outside quoted strings is. Reads from the back: an open quote that a client sent
/// cannot hide what the proxies have appended.
std::size_t last_separator(std::string_view text, char separator) noexcept {
  bool quoted = false;
  for (std::size_t at = text.size(); at-- > 0;) {
    if (text[at] == '"') {
      const auto before = text.substr(0, at).find_last_not_of('\\');
      const auto escapes = at - (before == std::string_view::npos ? 0 : before + 1);
      if (escapes % 2 == 0)
        quoted = !quoted;
    } else if (text[at] == separator && !quoted) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// Removes the last part, and the separator before it, from `rest`. Returns the part, trimmed.
std::string_view last_part(std::string_view& rest, char separator) noexcept {
  const auto at = last_separator(rest, separator);
  const auto part = trimmed(at == std::string_view::npos ? rest : rest.substr(at + 1));
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(0, at);
  return part;
}

/// An address as proxies write it: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
std::string_view without_port(std::string_view node) noexcept {
  if (!node.empty() && node.front() == '[')
    return node.substr(1, node.find(']') - 1);
  const bool has_port = std::count(node.begin(), node.end(), ':') == 1;
  return has_port ? node.substr(0, node.find(':')) : node;
}

/// The value of `for` in one element of Forwarded, e.g. `for="[2001:db8::1]:4711";proto=https`. An element
/// with two of them, which no proxy writes, has none.
std::string for_parameter(std::string_view element) {
  std::optional<std::string> found;
  while (!element.empty()) {
    std::string_view value = last_part(element, ';');
    if (!equal_ignoring_case(next_part(value, '='), "for"))
      continue;
    if (found)
      return {};
    found = unquoted(trimmed(value));
  }
  return found.value_or(std::string());
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

bool is_own_machine(const ip_bytes& address) noexcept {
  constexpr ip_bytes ipv6_loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return is_ipv4(address) ? address[ipv4_offset] == 127 : address == ipv6_loopback;
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
    const std::string_view element = last_part(rest, ',');
    const std::string node = plain ? unquoted(element) : for_parameter(element);
    const std::string_view text = without_port(node);
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
