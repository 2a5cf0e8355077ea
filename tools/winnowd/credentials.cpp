#include "tools/winnowd/credentials.hpp"

#include "config/log/log.hpp"

namespace winnow {

namespace {

void reload_or_keep(const char* what, const result<void>& reloaded) {
  if (!reloaded)
    log_event(log_level::error, "http", "reload refused, the old ones stay",
              {{"what", what}, {"reason", reloaded.error().message}});
}

} // namespace

result<credentials> credentials::read(const settings& options) {
  credentials all;
  const http_settings& http = options.http;
  if (!http.token_file.empty()) {
    auto tokens = http::token_file::open(http.token_file);
    if (!tokens)
      return fail("--token-file", tokens.error());
    all.tokens_ = std::move(*tokens);
  }
  if (http.tls_certificate.empty())
    return all;
  auto identity = http::tls_identity::load({http.tls_certificate, http.tls_key, http.tls_client_ca});
  if (!identity)
    return fail("TLS", identity.error());
  all.identity_ = std::move(*identity);
  if (!options.admin.address.tls)
    return all;
  auto of_admin = http::tls_identity::load({http.tls_certificate, http.tls_key, {}});
  if (!of_admin)
    return fail("TLS", of_admin.error());
  all.admin_identity_ = std::move(*of_admin);
  return all;
}

void credentials::reload() const {
  if (tokens_)
    reload_or_keep("tokens", tokens_->reload());
  if (identity_)
    reload_or_keep("certificate", identity_->reload());
  if (admin_identity_)
    reload_or_keep("certificate of the admin endpoint", admin_identity_->reload());
}

} // namespace winnow
