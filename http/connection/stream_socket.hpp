#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

namespace winnow::http {

/// Both TCP and Unix sockets: only the listener, which opens them, distinguishes the two.
using stream_protocol = boost::asio::generic::stream_protocol;
using stream_socket = stream_protocol::socket;

} // namespace winnow::http
