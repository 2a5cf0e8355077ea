#include "http/connection/client_stream.hpp"

#include <sys/ioctl.h>

namespace winnow::http {

client_stream::client_stream(stream_socket socket, std::shared_ptr<boost::asio::ssl::context> identity)
    : socket_(std::move(socket)) {
  if (identity)
    tls_ = std::make_shared<encrypted>(std::move(socket_), std::move(identity));
}

void client_stream::end_output(error_code& ec) {
  if (tls_)
    // Completes when the client has answered in kind, which nobody waits for: reading sees it, too.
    tls_->stream.async_shutdown([keep = tls_](error_code /*ec*/) {});
  else
    socket_.shutdown(stream_socket::shutdown_send, ec);
}

void client_stream::write_unencrypted(std::string_view text) {
  error_code ignored; // The client is told as far as possible.
  raw().write_some(boost::asio::buffer(text.data(), text.size()), ignored);
}

std::size_t client_stream::unacknowledged() {
  int count = 0;
  const bool is_known = ::ioctl(raw().native_handle(), TIOCOUTQ, &count) == 0;
  return is_known && count > 0 ? static_cast<std::size_t>(count) : 0;
}

void client_stream::cancel() {
  error_code ignored; // Fails only if the socket is closed already.
  raw().cancel(ignored);
}

void client_stream::close() {
  error_code ignored; // The descriptor is released even if close() fails.
  raw().close(ignored);
}

} // namespace winnow::http
