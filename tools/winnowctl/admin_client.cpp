#include "tools/winnowctl/admin_client.hpp"

#include "http/client/tls_client.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <vector>

namespace winnow {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr std::uint64_t longest_answer = 64u << 20;

using stream_protocol = asio::generic::stream_protocol; // TCP and Unix sockets alike

using request_type = beast::http::request<beast::http::empty_body>;
using tcp_or_unix_stream = beast::basic_stream<stream_protocol>;
using tls_stream = asio::ssl::stream<tcp_or_unix_stream&>;

/// Runs each step as an asynchronous call to its end, because timeouts of Beast work only with those.
class exchange {
public:
  exchange(const admin_access& daemon, std::chrono::seconds patience)
      : daemon_(daemon), patience_(patience) {}

  result<admin_answer> run(const request_type& request) {
    const auto found = resolve();
    if (!failed_) {
      stream_.expires_after(patience_);
      stream_.async_connect(
          found, [this](beast::error_code code, const stream_protocol::endpoint&) { failed_ = code; });
      finish();
    }
    if (failed_)
      return why();
    return daemon_.where.tls ? run_encrypted(request) : run_through(stream_, request);
  }

private:
  result<admin_answer> run_encrypted(const request_type& request) {
    auto context = http::client_tls_context(daemon_.ca);
    if (!context)
      return tl::unexpected<error>(context.error());
    tls_stream stream(stream_, *context);
    http::expect_certificate_of(daemon_.where.host, stream);
    stream.async_handshake(asio::ssl::stream_base::client,
                           [this](beast::error_code code) { failed_ = code; });
    if (finish(); failed_)
      return why();
    return run_through(stream, request);
  }

  template<class Stream>
  result<admin_answer> run_through(Stream& stream, const request_type& request) {
    beast::http::async_write(stream, request,
                             [this](beast::error_code code, std::size_t) { failed_ = code; });
    if (finish(); failed_)
      return why();
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(longest_answer);
    beast::http::async_read(stream, buffer, parser,
                            [this](beast::error_code code, std::size_t) { failed_ = code; });
    if (finish(); failed_)
      return why();
    return admin_answer{parser.get().result_int(), std::move(parser.get().body())};
  }

  std::vector<stream_protocol::endpoint> resolve() {
    const auto& where = daemon_.where;
    if (!where.unix_path.empty())
      return {asio::local::stream_protocol::endpoint(where.unix_path)};
    std::vector<stream_protocol::endpoint> endpoints;
    for (const auto& found : tcp::resolver(context_).resolve(where.host, std::to_string(where.port), failed_))
      endpoints.emplace_back(found.endpoint());
    return endpoints;
  }

  void finish() {
    context_.restart();
    context_.run();
  }

  tl::unexpected<error> why() const {
    return fail(fault::unavailable,
                "no winnowd answers at " + to_string(daemon_.where) + ": " + failed_.message());
  }

  const admin_access& daemon_;
  const std::chrono::seconds patience_;
  asio::io_context context_;
  tcp_or_unix_stream stream_{context_};
  beast::error_code failed_;
};

/// `host:port`, without a scheme.
std::string host_of(admin_address where) {
  where.tls = false;
  return where.unix_path.empty() ? to_string(where) : "localhost";
}

} // namespace

result<admin_answer> ask_daemon(const admin_access& daemon, const std::string& method,
                                const std::string& target, std::chrono::seconds patience) {
  request_type request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(beast::http::field::host, host_of(daemon.where));
  request.set(beast::http::field::connection, "close");
  request.set(beast::http::field::user_agent, "winnowctl");
  if (!daemon.token.empty())
    request.set(beast::http::field::authorization, "Bearer " + daemon.token);
  return exchange(daemon, patience).run(request);
}

} // namespace winnow
