#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// The address of the admin endpoint.
struct admin_address {
  bool off = false; ///< The endpoint is disabled.
  std::string host = "127.0.0.1";
  std::uint16_t port = 8002; ///< 0 picks a free port, which is printed.
  bool tls = false;          ///< Speaks HTTPS; not on a Unix socket.
  std::string unix_path;     ///< If set, a Unix socket at this path instead of host and port.
};

/// Parses `host:port`, `[v6]:port`, both also after `https://`, `unix:/path` or `off`. Errors read "expected
/// …, got …".
result<admin_address> parse_admin_address(std::string_view text);

/// `https://host:port` or `http://host:port`, for clients.
std::string url_of(const admin_address& address);

/// The address in the form that `parse_admin_address` reads.
std::string to_string(const admin_address& address);

/// Whether only this machine can reach the host: `localhost` and the loopback addresses.
bool is_loopback(const std::string& host);

/// Whether only this machine can reach the endpoint.
bool is_local(const admin_address& address);

/// Whether a server on `host` and `port` would listen on the admin endpoint's port, too. Two different
/// addresses may share a port, unless one of them stands for several.
bool shares_port(const admin_address& admin, const std::string& host, std::uint16_t port);

} // namespace winnow
