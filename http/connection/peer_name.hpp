#pragma once

#include "http/connection/stream_socket.hpp"

#include <string>

namespace winnow::http {

/// The other end of a connection, `192.0.2.1:4711` or `[2001:db8::1]:4711`; `unix` for that of
/// a Unix socket; `unknown` once it is gone.
std::string peer_name(const stream_socket& socket);

} // namespace winnow::http
