#pragma once

#include "store_settings_for.hpp"
#include "support/authority.hpp"
#include "support/free_port.hpp"
#include "support/redis_server.hpp"

#include <string>
#include <utility>
#include <vector>

namespace winnow::test {

/// A redis-server that also has a port for TLS, with a certificate for `localhost` and 127.0.0.1.
class tls_server {
public:
  /// @param clients Whether they need a certificate.
  explicit tls_server(bool clients = false, int days = 2)
      : identity_(authority_.issue("server", "DNS:localhost,IP:127.0.0.1", days)), port_(free_port()),
        server_({"--tls-port", std::to_string(port_), "--tls-cert-file", identity_.certificate,
                 "--tls-key-file", identity_.key, "--tls-ca-cert-file", authority_.file(),
                 "--tls-auth-clients", clients ? "yes" : "no"}) {}

  const test::authority& authority() const noexcept { return authority_; }
  const redis_server& server() const noexcept { return server_; }
  redis_server& server() noexcept { return server_; }
  std::uint16_t port() const noexcept { return port_; }

  /// Trusting the authority.
  store_settings settings() const {
    auto settings = settings_for_port(port_);
    settings.address.tls.on = true;
    settings.address.tls.authorities = authority_.file();
    return settings;
  }

private:
  test::authority authority_;
  test::authority::identity identity_;
  std::uint16_t port_;
  redis_server server_;
};

} // namespace winnow::test
