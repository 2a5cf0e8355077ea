#pragma once

#include "config/error.hpp"
#include "config/settings/values/store_address.hpp"

#include <string>

struct ssl_ctx_st; // of OpenSSL: SSL_CTX

namespace winnow {

/// Private to this folder: the PEM files of TLS connections. They are read like all files of the daemon, as
/// OpenSSL's own way of opening them waits at a FIFO. Errors: `invalid_argument`, which names the file.

/// Trusts the authorities of the settings, or those of the system.
result<void> use_authorities(ssl_ctx_st* context, const store_tls& how);

/// Shows the certificate of the settings, if there is one. A key with a passphrase is refused.
result<void> use_own_certificate(ssl_ctx_st* context, const store_tls& how);

/// What OpenSSL reported first, in plain words. Empties its queue of errors.
std::string first_tls_reason();

} // namespace winnow
