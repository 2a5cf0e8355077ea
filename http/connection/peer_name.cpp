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
  const std::string address = peer.address().to_string();
  return (peer.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(peer.port());
}

} // namespace winnow::http
