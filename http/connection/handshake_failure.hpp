#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

namespace winnow::http {

/// The reason for clients that do not speak TLS, most likely plain HTTP.
inline constexpr std::string_view not_tls = "not_tls";

/// Why a TLS handshake failed, as a metric's label: `not_tls`, `certificate` (the client's is missing or not
/// accepted) or `other`, e.g. a client that does not accept the server's certificate.
std::string_view handshake_failure(const boost::system::error_code& ec);

} // namespace winnow::http
