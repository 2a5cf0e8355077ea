#include "http/connection/peer_name.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <cstring>

namespace winnow::http {

std::string peer_name(const stream_socket& socket) {
  boost::system::error_code ec;
  const auto found = socket.remote_endpoint(ec);
  if (ec)
    return "unknown";
  if (found.protocol().family() == AF_UNIX)
    return "unix";
  boost::asio::ip::tcp::endpoint peer;
  peer.resize(found.size());
  std::memcpy(peer.data(), found.data(), found.size());
  auto from = peer.address();
  if (from.is_v6() && from.to_v6().is_v4_mapped()) // a client of IPv4, to a socket for both
    from = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, from.to_v6());
  const std::string address = from.to_string();
  return (from.is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(peer.port());
}

} // namespace winnow::http
