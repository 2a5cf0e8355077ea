#include "http/connection/handshake_failure.hpp"
#include "http/connection/session.hpp"

// How a session begins: with a handshake if it speaks TLS.

namespace winnow::http {

namespace {

// For clients that speak plain HTTP to a port with TLS.
constexpr std::string_view https_only =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
    "69\r\n"
    "\r\n{\"status\":\"error\",\"message\":\"this port speaks HTTPS, not plain HTTP\"}";

} // namespace

void session::start() {
  if (!stream_.is_encrypted())
    return process();
  phase_ = phase::handshaking;
  idle_since_ = clock::now();
  deadline_ = idle_since_ + shared_.settings.header_timeout;
  stream_.async_handshake([self = shared_from_this()](error_code ec) { self->on_handshake(ec); });
}

void session::on_handshake(error_code ec) {
  if (phase_ != phase::handshaking)
    return; // A time-out was first.
  if (!ec) {
    phase_ = phase::reading;
    return process();
  }
  const auto reason = handshake_failure(ec);
  shared_.failed_handshake(reason);
  if (reason == not_tls)
    stream_.write_unencrypted(https_only);
  close();
}

} // namespace winnow::http
