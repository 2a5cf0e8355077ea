#pragma once

#include "config/error.hpp"
#include "config/settings/values/store_address.hpp"

#include <memory>

struct ssl_ctx_st; // of OpenSSL: SSL_CTX

namespace winnow {

/// Private to this folder: what TLS connections are made of.
struct tls_context_deleter {
  void operator()(ssl_ctx_st* context) const noexcept;
};
using tls_context = std::unique_ptr<ssl_ctx_st, tls_context_deleter>;

/// Reads the files. A key with a passphrase is refused. Error: `invalid_argument`, which names the file.
result<tls_context> make_tls_context(const store_tls& how);

/// What a failed verification of the server's certificate means, in plain words.
/// @param verification The number that OpenSSL gives it.
/// @param name That the certificate must have.
std::string certificate_fault(long verification, const std::string& name);

/// What OpenSSL reported last, in plain words, and the cause. Empties its queue of errors.
error tls_fault();

} // namespace winnow
