#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// Where the admin endpoint is.
struct admin_address {
  bool off = false; ///< There is none.
  std::string host = "127.0.0.1";
  std::uint16_t port = 8002; ///< 0 picks a free one, which is printed.
  std::string unix_path;     ///< Set: a Unix socket there, instead of host and port.
};

/// Reads `host:port`, `[v6]:port`, `unix:/path` or `off`. What is wrong otherwise: "expected …, got …".
result<admin_address> parse_admin_address(std::string_view text);

/// In the form that `parse_admin_address` reads.
std::string to_string(const admin_address& address);

/// Whether only this machine can reach the host: `localhost` and the loopback addresses.
bool is_loopback(const std::string& host);

/// Whether only this machine can reach the endpoint.
bool is_local(const admin_address& address);

} // namespace winnow
