#pragma once

#include "config/settings/values/network_list.hpp"
#include "http/connection/client_places.hpp"
#include "http/connection/request_parser.hpp"
#include "http/connection/server_state.hpp"
#include "http/connection/stream_socket.hpp"

#include <optional>
#include <string>

namespace winnow::http {

/// Whose request it is that a connection carries: the peer's, or, if that is a trusted proxy, the one's that
/// it names. A trusted peer that names nobody is a client like others.
class request_client {
public:
  request_client(const stream_socket& socket, server_state& shared);

  /// Whether `refuse` may refuse a request of this connection, unless it is spare: most servers know nobody.
  bool is_checked() const noexcept { return is_checked_; }

  /// Called once the headers of a request are read. Returns the refusal of a request that its client may not
  /// make: without the right token, too often, or, behind a proxy, with as many others in progress as it may
  /// have connections. @param target Null: there is no such route. @param spare Whether the connection is
  /// over a limit.
  std::optional<response> refuse(const incoming_request& asked, const route* target, bool spare);

  /// Whether the client of a request is on this machine: the peer is, and does not ask for another one, as a
  /// proxy does.
  bool is_here(const incoming_request& asked) const;

  /// Whether the peer is a trusted proxy.
  bool is_proxy() const noexcept { return is_proxy_; }

  /// The request is answered. What follows on the connection, unless `refuse` learns more, is the peer's.
  void leave();

  /// For the access log: the peer's address and port, or the address that the proxy names.
  const std::string& name() const noexcept { return name_; }

  /// For the access log: the name of the request's token; empty if it has none.
  const std::string& token() const noexcept { return token_; }

private:
  bool identify(const incoming_request& asked);
  std::optional<response> refuse_token(const incoming_request& asked);
  std::optional<response> refuse_rate();

  server_state& shared_;
  const std::string peer_;
  const std::optional<ip_bytes> address_; ///< Of the peer.
  const bool is_here_;                    ///< Whether the peer is on this machine.
  const bool is_proxy_;
  const bool is_checked_;
  std::string name_;
  std::string limited_; ///< What limits count by; the token's name has precedence.
  std::string token_;
  client_places::place place_;
};

} // namespace winnow::http
