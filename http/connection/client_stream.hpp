#pragma once

#include "http/connection/stream_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string_view>
#include <utility>

namespace winnow::http {

/// What a client's bytes go through: its socket, or TLS on it. Everything runs on the worker's thread.
///
/// An operation on TLS may still be about to report that it was cancelled when the connection is gone, so
/// each of them keeps the stream alive.
class client_stream {
public:
  using error_code = boost::system::error_code;

  /// @param identity Null: without TLS.
  client_stream(stream_socket socket, std::shared_ptr<boost::asio::ssl::context> identity);
  client_stream(client_stream&&) = default;
  client_stream& operator=(client_stream&&) = default;

  bool is_encrypted() const noexcept { return tls_ != nullptr; }
  const stream_socket& socket() const noexcept { return tls_ ? tls_->stream.next_layer() : socket_; }

  /// Called first if the stream is encrypted. @param handle Takes an error code.
  template<class Handler>
  void async_handshake(Handler handle) {
    tls_->stream.async_handshake(
        boost::asio::ssl::stream_base::server,
        [keep = tls_, handle = std::move(handle)](error_code ec) mutable { handle(ec); });
  }

  /// @param handle Takes an error code and a size, as for the calls below.
  template<class Handler>
  void async_read_some(boost::asio::mutable_buffer into, Handler handle) {
    if (!tls_)
      return socket_.async_read_some(into, std::move(handle));
    tls_->stream.async_read_some(into, kept(std::move(handle)));
  }

  /// Writes what is possible at once, which is nothing if the stream is encrypted: `would_block`.
  template<class Buffers>
  std::size_t write_some(const Buffers& from, error_code& ec) {
    if (!tls_)
      return socket_.write_some(from, ec);
    ec = boost::asio::error::would_block;
    return 0;
  }

  /// Writes all.
  template<class Buffers, class Handler>
  void async_write(const Buffers& from, Handler handle) {
    async_write(
        from, [](std::size_t) {}, std::move(handle));
  }

  /// The same in parts. @param progress Takes the number of bytes that the kernel has so far. Called between
  /// the parts.
  template<class Buffers, class Progress, class Handler>
  void async_write(const Buffers& from, Progress progress, Handler handle) {
    constexpr std::size_t part = 64 << 10; // as much as Asio writes at a time in any case
    const auto wanted = [progress](error_code ec, std::size_t written) {
      progress(written);
      return ec ? 0 : part;
    };
    if (!tls_)
      boost::asio::async_write(socket_, from, wanted, std::move(handle));
    else
      boost::asio::async_write(tls_->stream, from, wanted, kept(std::move(handle)));
  }

  /// How many of the bytes written, encrypted if the stream is, the client's machine has not acknowledged; 0
  /// if the kernel does not say.
  std::size_t unacknowledged();

  /// Tells the client that nothing more is sent. Reading goes on.
  void end_output(error_code& ec);

  /// For a client that does not speak TLS: a last answer as it is.
  void write_unencrypted(std::string_view text);

  /// Ends all operations with an error.
  void cancel();
  void close();

private:
  struct encrypted {
    encrypted(stream_socket socket, std::shared_ptr<boost::asio::ssl::context> identity)
        : context(std::move(identity)), stream(std::move(socket), *context) {}

    std::shared_ptr<boost::asio::ssl::context> context;
    boost::asio::ssl::stream<stream_socket> stream;
  };

  template<class Handler>
  auto kept(Handler handle) {
    return [keep = tls_, handle = std::move(handle)](error_code ec, std::size_t size) mutable {
      handle(ec, size);
    };
  }

  stream_socket& raw() noexcept { return tls_ ? tls_->stream.next_layer() : socket_; }

  stream_socket socket_; ///< Moved into `tls_` if there is one.
  std::shared_ptr<encrypted> tls_;
};

} // namespace winnow::http
