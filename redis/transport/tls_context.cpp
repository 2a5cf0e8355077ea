#include "redis/transport/tls_context.hpp"

#include "redis/transport/tls_files.hpp"

#include <array>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <string>
#include <utility>

namespace winnow {
namespace {

struct known_reason {
  int reason;
  fault cause;
  std::string_view meaning;
};

// What the two sides complain about most. Older versions of TLS have other alerts for the same.
constexpr std::array known_reasons{
    known_reason{SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, fault::denied,
                 "Redis requires a certificate of the client"},
    known_reason{SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, fault::denied,
                 "Redis refuses the handshake, perhaps because it requires a certificate of the client"},
    known_reason{SSL_R_TLSV1_ALERT_UNKNOWN_CA, fault::denied,
                 "Redis does not know the authority of the client's certificate"},
    known_reason{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, fault::denied,
                 "Redis says that the client's certificate has expired"},
    known_reason{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, fault::denied,
                 "Redis does not accept the client's certificate"},
    known_reason{SSL_R_WRONG_VERSION_NUMBER, fault::invalid_argument,
                 "the server does not speak TLS; redis:// instead of rediss:// connects without"},
    known_reason{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, fault::denied,
                 "Redis accepts no version of TLS from 1.2 on"},
};

} // namespace

void tls_context_deleter::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}

result<tls_context> make_tls_context(const store_tls& how) {
  ERR_clear_error();
  tls_context context(SSL_CTX_new(TLS_client_method()));
  if (!context)
    return fail(fault::internal, "OpenSSL: " + first_tls_reason());
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // The bytes still to be sent move when more are added behind them.
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const bool verified = how.asked_for != store_tls::proof::none;
  SSL_CTX_set_verify(raw, verified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  auto used = verified ? use_authorities(raw, how) : result<void>{};
  if (used)
    used = use_own_certificate(raw, how);
  if (!used)
    return tl::unexpected<error>(std::move(used.error()));
  return context;
}

std::string certificate_fault(long verification, const std::string& name) {
  switch (verification) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "the server's certificate has expired";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "the server's certificate is not valid yet";
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return "the server's certificate is not for " + name;
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    return "the authority of the server's certificate is unknown";
  default:
    return std::string("the server's certificate is not accepted: ") +
           X509_verify_cert_error_string(verification);
  }
}

error tls_fault() {
  const int reason = ERR_GET_REASON(ERR_peek_error());
  for (const auto& known : known_reasons) {
    if (known.reason == reason && ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SSL) {
      ERR_clear_error();
      return {known.cause, std::string(known.meaning)};
    }
  }
  return {fault::unavailable, first_tls_reason()};
}

} // namespace winnow
