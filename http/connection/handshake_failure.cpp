#include "http/connection/handshake_failure.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace winnow::http {

std::string_view handshake_failure(const boost::system::error_code& ec) {
  constexpr std::string_view other = "other";
  if (ec.category() != boost::asio::error::get_ssl_category())
    return other;
  switch (ERR_GET_REASON(static_cast<unsigned long>(ec.value()))) {
  case SSL_R_HTTP_REQUEST:
  case SSL_R_HTTPS_PROXY_REQUEST:
  case SSL_R_WRONG_VERSION_NUMBER:
    return not_tls;
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
  case SSL_R_CERTIFICATE_VERIFY_FAILED:
    return "certificate";
  default:
    return other;
  }
}

} // namespace winnow::http
