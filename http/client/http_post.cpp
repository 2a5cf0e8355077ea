#include "http/client/http_post.hpp"

#include "http/client/tls_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace winnow::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr std::uint64_t longest_answer = 64u << 10;

// How often the caller is asked whether to give up.
constexpr std::chrono::milliseconds give_up_check{50};

using post_request = beast::http::request<beast::http::string_body>;

/// Runs each step as an asynchronous call to its end, because time-outs of Beast work only with those.
class exchange_with_server {
public:
  explicit exchange_with_server(const outgoing_post& what) : what_(what) {}

  result<post_reply> run(const post_request& request) {
    const auto found = tcp::resolver(context_).resolve(what_.to.host, std::to_string(what_.to.port), failed_);
    if (failed_)
      return why();
    stream_.expires_after(what_.limit);
    stream_.async_connect(found, [this](beast::error_code code, const tcp::endpoint&) { failed_ = code; });
    if (finish(); failed_)
      return why();
    return what_.to.tls ? run_encrypted(request) : run_through(stream_, request);
  }

private:
  result<post_reply> run_encrypted(const post_request& request) {
    auto context = client_tls_context({});
    if (!context)
      return tl::unexpected<error>(context.error());
    asio::ssl::stream<beast::tcp_stream&> stream(stream_, *context);
    expect_certificate_of(what_.to.host, stream);
    stream.async_handshake(asio::ssl::stream_base::client,
                           [this](beast::error_code code) { failed_ = code; });
    if (finish(); failed_)
      return why();
    return run_through(stream, request);
  }

  template<class Stream>
  result<post_reply> run_through(Stream& stream, const post_request& request) {
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
    const auto retry_after = parser.get()[beast::http::field::retry_after];
    return post_reply{parser.get().result_int(), std::move(parser.get().body()),
                      std::string(retry_after.data(), retry_after.size())};
  }

  void finish() {
    context_.restart();
    while (!context_.stopped()) {
      context_.run_for(give_up_check);
      if (!context_.stopped() && what_.give_up && what_.give_up())
        stream_.cancel();
    }
  }

  tl::unexpected<error> why() const {
    return fail(failed_ == beast::error::timeout ? fault::timeout : fault::unavailable,
                host_header(what_.to) + ": " + failed_.message());
  }

  const outgoing_post& what_;
  asio::io_context context_;
  beast::tcp_stream stream_{context_};
  beast::error_code failed_;
};

} // namespace

result<post_reply> post(const outgoing_post& what) {
  post_request request(beast::http::verb::post, what.to.path, 11);
  request.set(beast::http::field::host, host_header(what.to));
  request.set(beast::http::field::connection, "close");
  request.set(beast::http::field::user_agent, "winnow");
  request.set(beast::http::field::content_type, what.content_type);
  for (const auto& [name, value] : what.headers)
    request.set(name, value);
  request.body() = what.body;
  request.prepare_payload();
  return exchange_with_server(what).run(request);
}

} // namespace winnow::http
