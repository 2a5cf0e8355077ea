#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The bytes of an IP address; an IPv4 address takes the form ::ffff:a.b.c.d.
using ip_bytes = std::array<std::uint8_t, 16>;

/// Parses an IPv4 or IPv6 address without port and brackets. Returns nullopt if the text is none.
std::optional<ip_bytes> parse_ip(std::string_view text);

/// Addresses and networks, e.g. `10.0.0.0/8, 192.0.2.1, 2001:db8::/32`.
class network_list {
public:
  /// Returns nullopt if an entry is malformed, or has bits behind its prefix. An empty text is an empty list.
  static std::optional<network_list> parse(std::string_view text);

  bool contains(const ip_bytes& address) const noexcept;
  bool empty() const noexcept { return networks_.empty(); }

private:
  struct network {
    ip_bytes address;
    unsigned prefix = 128; ///< In bits.
  };

  static std::optional<network> parse_network(std::string_view text);
  static bool covers(const network& one, const ip_bytes& address) noexcept;

  std::vector<network> networks_;
};

} // namespace winnow
