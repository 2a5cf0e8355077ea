#pragma once

#include "failure.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace winnow::client {

/// The settings of a client.
struct options {
  std::chrono::milliseconds timeout{
      5000};               ///< For a whole call, with its retries and the pauses between them.
  unsigned retries = 2;    ///< How often a call is repeated at most.
  std::string token;       ///< Sent as `Authorization: Bearer …`, of the form in RFC 6750; empty: none.
  std::string ca_file;     ///< PEM file with authorities, or the certificate itself; empty: the system's.
  std::string certificate; ///< PEM file with the client's own certificate; empty: none.
  std::string key;         ///< Its key; empty: in the certificate's file.
};

namespace detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using clock = std::chrono::steady_clock;

struct address {
  std::string host, port, prefix;
  bool tls = false;

  std::string authority() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
  }
};

/// How an attempt ended.
struct outcome {
  beast::error_code code;
  bool sent = false;  ///< The request may have reached the daemon.
  bool begun = false; ///< A part of the answer has arrived.
  bool kept = false;  ///< The connection was one that an earlier call had left.
  bool certificate_refused = false;
};

/// One connection to the daemon, which is kept as long as both sides like. One thread at a time.
class transport {
public:
  using request = http::request<http::string_body>;
  using response = http::response<http::string_body>;

  explicit transport(address where) : where_(std::move(where)) {}

  /// Reads the certificates. To be called once, before the first exchange.
  result<void> use_certificates(const options& how) {
    if (!where_.tls)
      return {};
    beast::error_code code;
    auto* const native = context_.native_handle();
    // The daemon's own certificate is trusted if the file has it, although no authority issued it.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    const auto wrong = [&](const std::string& file) -> result<void> {
      return tl::unexpected<failure>(
          failure{cause::invalid_argument, "cannot read " + file + ": " + code.message(), {}});
    };
    if (how.ca_file.empty())
      context_.set_default_verify_paths(code);
    else
      context_.load_verify_file(how.ca_file, code);
    if (code)
      return wrong(how.ca_file.empty() ? "the system's authorities" : how.ca_file);
    if (how.certificate.empty())
      return {};
    if (context_.use_certificate_chain_file(how.certificate, code); code)
      return wrong(how.certificate);
    const auto& key = how.key.empty() ? how.certificate : how.key;
    if (context_.use_private_key_file(key, asio::ssl::context::pem, code); code)
      return wrong(key);
    return {};
  }

  /// Sends the request and reads the answer. Connects if there is no connection.
  outcome exchange(const request& what, response& answer, clock::time_point deadline) {
    outcome how;
    how.kept = plain_ || encrypted_;
    if (!how.kept && !connect(how, deadline))
      return how;
    encrypted_ ? run(*encrypted_, what, answer, how, deadline) : run(*plain_, what, answer, how, deadline);
    if (how.code || !answer.keep_alive())
      close();
    return how;
  }

  void close() {
    plain_.reset();
    encrypted_.reset();
  }

  const address& where() const { return where_; }

private:
  using plain_stream = beast::tcp_stream;
  using encrypted_stream = beast::ssl_stream<beast::tcp_stream>;

  /// Runs the asynchronous step that was begun, because the time-outs of Beast work only with those.
  void finish() {
    io_.restart();
    io_.run();
  }

  bool connect(outcome& how, clock::time_point deadline) {
    const auto found = asio::ip::tcp::resolver(io_).resolve(where_.host, where_.port, how.code);
    if (how.code)
      return false;
    auto made = std::make_unique<plain_stream>(io_);
    made->expires_at(deadline);
    made->async_connect(found, [&](beast::error_code code, const auto&) { how.code = code; });
    finish();
    if (how.code)
      return false;
    made->socket().set_option(asio::ip::tcp::no_delay(true), how.code);
    return where_.tls ? encrypt(std::move(*made), how, deadline) : (plain_ = std::move(made), true);
  }

  bool encrypt(plain_stream&& plain, outcome& how, clock::time_point deadline) {
    auto made = std::make_unique<encrypted_stream>(std::move(plain), context_);
    made->set_verify_mode(asio::ssl::verify_peer);
    made->set_verify_callback(asio::ssl::host_name_verification(where_.host));
    SSL_set_tlsext_host_name(made->native_handle(), where_.host.c_str());
    beast::get_lowest_layer(*made).expires_at(deadline);
    made->async_handshake(asio::ssl::stream_base::client, [&](beast::error_code code) { how.code = code; });
    finish();
    how.certificate_refused = SSL_get_verify_result(made->native_handle()) != X509_V_OK;
    if (how.code)
      return false;
    encrypted_ = std::move(made);
    return true;
  }

  template<class Stream>
  void run(Stream& stream, const request& what, response& answer, outcome& how, clock::time_point deadline) {
    how.sent = true;
    beast::get_lowest_layer(stream).expires_at(deadline);
    http::async_write(stream, what, [&](beast::error_code code, std::size_t) { how.code = code; });
    if (finish(); how.code)
      return;
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} << 20U);
    http::async_read(stream, buffer, parser, [&](beast::error_code code, std::size_t) { how.code = code; });
    finish();
    how.begun = parser.got_some();
    answer = parser.release();
  }

  address where_;
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::unique_ptr<plain_stream> plain_; // at most one of these two
  std::unique_ptr<encrypted_stream> encrypted_;
};

} // namespace detail

} // namespace winnow::client
