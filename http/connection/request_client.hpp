#pragma once

#include "http/connection/client_places.hpp"
#include "http/connection/request_parser.hpp"
#include "http/connection/server_state.hpp"
#include "http/connection/stream_socket.hpp"

#include <string>

namespace winnow::http {

/// Whose request it is that a connection carries: the peer's, or, if that is a trusted proxy, the one's that
/// it names.
class request_client {
public:
  request_client(const stream_socket& socket, server_state& shared);

  /// Called once the headers of a request are read. Returns false if its client, behind a proxy, has as many
  /// requests in progress as it may have connections.
  bool identify(const incoming_request& asked);

  /// The request is answered.
  void leave() noexcept { place_.leave(); }

  /// For the access log: the peer's address and port, or the address that the proxy names.
  const std::string& name() const noexcept { return name_; }

private:
  server_state& shared_;
  const std::string peer_;
  const bool is_proxy_;
  std::string name_;
  client_places::place place_;
};

} // namespace winnow::http
