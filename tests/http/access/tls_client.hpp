#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <string>

namespace winnow::http::test {

/// A blocking client of a TLS server on this machine. The calls throw boost::system::system_error.
class tls_client {
public:
  /// @param authority PEM file that the server's certificate must come from.
  /// @param own PEM file with a certificate and a key of this client; empty: none.
  tls_client(std::uint16_t port, const std::string& authority, const std::string& own = {})
      : context_(boost::asio::ssl::context::tls_client), stream_((prepare(authority, own), io_), context_) {
    stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    stream_.handshake(boost::asio::ssl::stream_base::client);
  }

  void send(const std::string& bytes) { boost::asio::write(stream_, boost::asio::buffer(bytes)); }

  /// Receives one answer with a Content-Length: its head and its body.
  std::string receive() {
    const auto head = boost::asio::read_until(stream_, boost::asio::dynamic_buffer(buffer_), "\r\n\r\n");
    const std::string field = "Content-Length: ";
    const auto at = buffer_.find(field);
    const auto length = at < head ? std::stoul(buffer_.substr(at + field.size())) : 0;
    if (buffer_.size() < head + length)
      boost::asio::read(stream_, boost::asio::dynamic_buffer(buffer_),
                        boost::asio::transfer_exactly(head + length - buffer_.size()));
    auto answer = buffer_.substr(0, head + length);
    buffer_.erase(0, head + length);
    return answer;
  }

  /// Receives up to this text.
  std::string receive_until(const std::string& text) {
    const auto size = boost::asio::read_until(stream_, boost::asio::dynamic_buffer(buffer_), text);
    auto part = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return part;
  }

  /// What ends the connection: `eof` if the server said so, `stream_truncated` if it did not.
  boost::system::error_code end() {
    boost::system::error_code ec;
    std::string rest;
    boost::asio::read(stream_, boost::asio::dynamic_buffer(rest), ec);
    return ec;
  }

  std::string protocol() { return SSL_get_version(stream_.native_handle()); }

  /// The common name in the server's certificate.
  std::string server_name() {
    const auto* const certificate = SSL_get0_peer_certificate(stream_.native_handle());
    std::string name(64, '\0');
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                               name.data(), static_cast<int>(name.size()));
    name.resize(static_cast<std::size_t>(std::max(size, 0)));
    return name;
  }

private:
  void prepare(const std::string& authority, const std::string& own) {
    context_.load_verify_file(authority);
    context_.set_verify_mode(boost::asio::ssl::verify_peer);
    if (!own.empty()) {
      context_.use_certificate_chain_file(own);
      context_.use_private_key_file(own, boost::asio::ssl::context::pem);
    }
  }

  boost::asio::io_context io_;
  boost::asio::ssl::context context_;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  std::string buffer_;
};

} // namespace winnow::http::test
