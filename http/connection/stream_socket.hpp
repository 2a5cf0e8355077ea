#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

namespace winnow::http {

/// TCP and Unix sockets alike: only the listener, who opens them, tells them apart.
using stream_protocol = boost::asio::generic::stream_protocol;
using stream_socket = stream_protocol::socket;

} // namespace winnow::http
