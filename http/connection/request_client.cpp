#include "http/connection/request_client.hpp"

#include "http/connection/client_address.hpp"
#include "http/connection/peer_name.hpp"

namespace winnow::http {

namespace {

bool is_trusted(const stream_socket& socket, const network_list& proxies) {
  if (proxies.empty())
    return false;
  const auto address = peer_address(socket);
  return address && proxies.contains(*address);
}

} // namespace

request_client::request_client(const stream_socket& socket, server_state& shared)
    : shared_(shared), peer_(peer_name(socket)), is_proxy_(is_trusted(socket, shared.trusted_proxies)),
      name_(peer_) {}

bool request_client::identify(const incoming_request& asked) {
  if (!is_proxy_)
    return true;
  const auto named = forwarded_client(asked.x_forwarded_for, asked.forwarded, shared_.trusted_proxies);
  const auto address = parse_ip(named);
  name_ = address ? named : peer_;
  const auto limited = address ? limited_name(*address) : std::string();
  if (limited.empty())
    return true;
  place_ = shared_.places.take(limited);
  return place_.is_held();
}

} // namespace winnow::http
