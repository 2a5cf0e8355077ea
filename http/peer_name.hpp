#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace winnow::http {

/// The other end of a connection, `192.0.2.1:4711` or `[2001:db8::1]:4711`; `unknown` once it is gone.
std::string peer_name(const boost::asio::ip::tcp::socket& socket);

} // namespace winnow::http
