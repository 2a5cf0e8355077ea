#pragma once

#include "config/settings/values/network_list.hpp"
#include "http/connection/stream_socket.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace winnow::http {

/// The address at the other end of a connection; nullopt for a Unix socket, or if the client has left.
std::optional<ip_bytes> peer_address(const stream_socket& socket);

/// Whether it is a loopback address.
bool is_own_machine(const ip_bytes& address) noexcept;

/// What the limits per client count by: the IPv4 address, or the /64 network of an IPv6 address, which is
/// what one client usually gets.
std::string counted_name(const ip_bytes& address);

/// The same for the limit of connections. Empty for loopback addresses, which have no limit: local proxies
/// and probes use them.
std::string limited_name(const ip_bytes& address);

/// Whose request a proxy passed on, according to its headers: the last address that is not itself a trusted
/// proxy. X-Forwarded-For counts before Forwarded. Returns an empty text if there is no such address.
std::string forwarded_client(std::string_view x_forwarded_for, std::string_view forwarded,
                             const network_list& trusted);

} // namespace winnow::http
