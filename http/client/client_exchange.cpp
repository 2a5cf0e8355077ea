#include "http/client/client_exchange.hpp"

#include "config/settings/values/duration.hpp"
#include "http/client/tls_client.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <utility>
#include <vector>

namespace winnow::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using stream_protocol = asio::generic::stream_protocol; // TCP and Unix sockets alike
using tcp_or_unix_stream = beast::basic_stream<stream_protocol>;

// How often the caller is asked whether to give up.
constexpr std::chrono::milliseconds give_up_check{50};

/// Runs each step as an asynchronous call to its end, because time-outs of Beast work only with those.
class running_exchange {
public:
  explicit running_exchange(const server_contact& server) : server_(server) {}

  result<server_answer> run(const client_request& request) {
    const auto found = resolve();
    if (failed_)
      return why();
    stream_.expires_after(server_.limit);
    stream_.async_connect(
        found, [this](beast::error_code code, const stream_protocol::endpoint&) { failed_ = code; });
    if (finish(); failed_)
      return why();
    is_connected_ = true;
    return server_.tls ? run_encrypted(request) : run_through(stream_, request);
  }

private:
  std::vector<stream_protocol::endpoint> resolve() {
    if (!server_.unix_path.empty())
      return {asio::local::stream_protocol::endpoint(server_.unix_path)};
    std::vector<stream_protocol::endpoint> endpoints;
    asio::ip::tcp::resolver resolver(context_);
    for (const auto& found : resolver.resolve(server_.host, std::to_string(server_.port), failed_))
      endpoints.emplace_back(found.endpoint());
    return endpoints;
  }

  result<server_answer> run_encrypted(const client_request& request) {
    auto context = client_tls_context(server_.ca);
    if (!context)
      return tl::unexpected<error>(context.error());
    asio::ssl::stream<tcp_or_unix_stream&> stream(stream_, *context);
    expect_certificate_of(server_.host, stream);
    stream.async_handshake(asio::ssl::stream_base::client,
                           [this](beast::error_code code) { failed_ = code; });
    if (finish(); failed_)
      return why();
    return run_through(stream, request);
  }

  template<class Stream>
  result<server_answer> run_through(Stream& stream, const client_request& request) {
    const auto note = [this](beast::error_code code, std::size_t) { failed_ = code; };
    beast::http::async_write(stream, request, note);
    if (finish(); failed_)
      return why();
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(server_.longest_answer);
    // The head first: Beast 1.74 forgets that a body is too long if it reads on at once.
    beast::http::async_read_header(stream, buffer, parser, note);
    if (finish(); failed_)
      return why();
    beast::http::async_read(stream, buffer, parser, note);
    if (finish(); failed_)
      return why();
    return parser.release();
  }

  void finish() {
    context_.restart();
    while (!context_.stopped()) {
      context_.run_for(give_up_check);
      if (!context_.stopped() && server_.give_up && server_.give_up())
        stream_.cancel();
    }
  }

  tl::unexpected<error> why() const {
    if (failed_ == beast::error::timeout)
      return fail(fault::timeout, server_.name +
                                      (is_connected_ ? ": connected, but no whole answer within "
                                                     : ": no connection within ") +
                                      winnow::to_string(server_.limit));
    return fail(fault::unavailable, server_.name + ": " + failed_.message());
  }

  const server_contact& server_;
  asio::io_context context_;
  tcp_or_unix_stream stream_{context_};
  beast::error_code failed_;
  bool is_connected_ = false;
};

} // namespace

result<server_answer> exchange_with(const server_contact& server, const client_request& request) {
  return running_exchange(server).run(request);
}

} // namespace winnow::http
