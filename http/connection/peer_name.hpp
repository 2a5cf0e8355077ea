#pragma once

#include "http/connection/stream_socket.hpp"

#include <string>

namespace winnow::http {

/// The client's address and port, e.g. `192.0.2.1:4711` or `[2001:db8::1]:4711`; `unix` for a Unix socket;
/// `unknown` if the client has left.
std::string peer_name(const stream_socket& socket);

} // namespace winnow::http
