#pragma once

#include "config/error.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <string>

namespace winnow::http {

/// Makes the context of a client that checks certificates.
/// @param ca PEM file with the authorities to trust, or with the server's certificate itself; empty: the
/// system's authorities. Fails with `invalid_argument`, and names the file.
result<boost::asio::ssl::context> client_tls_context(const std::string& ca);

/// Has the handshake of this stream fail unless the server's certificate is one of `host`, which is a name or
/// an address. To be called before the handshake.
template<class Stream>
void expect_certificate_of(const std::string& host, Stream& stream) {
  stream.set_verify_mode(boost::asio::ssl::verify_peer);
  stream.set_verify_callback(boost::asio::ssl::host_name_verification(host));
  SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
}

} // namespace winnow::http
