#include "http/peer_name.hpp"

namespace winnow::http {

std::string peer_name(const boost::asio::ip::tcp::socket& socket) {
  boost::system::error_code ec;
  const auto peer = socket.remote_endpoint(ec);
  if (ec)
    return "unknown";
  const std::string address = peer.address().to_string();
  return (peer.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(peer.port());
}

} // namespace winnow::http
