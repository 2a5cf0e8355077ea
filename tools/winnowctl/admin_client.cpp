#include "tools/winnowctl/admin_client.hpp"

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

constexpr std::chrono::seconds patience{10};
constexpr std::uint64_t longest_answer = 64u << 20;

using stream_protocol = asio::generic::stream_protocol; // TCP and Unix sockets alike

/// Runs each step as an asynchronous call to its end, because timeouts of Beast work only with those.
class exchange {
public:
  result<admin_answer> run(const admin_address& where,
                           beast::http::request<beast::http::empty_body> request) {
    beast::error_code failed;
    const auto found = resolve(where, failed);
    if (failed)
      return why(where, failed);
    stream_.expires_after(patience);
    stream_.async_connect(found,
                          [&](beast::error_code code, const stream_protocol::endpoint&) { failed = code; });
    if (finish(); failed)
      return why(where, failed);
    beast::http::async_write(stream_, request, [&](beast::error_code code, std::size_t) { failed = code; });
    if (finish(); failed)
      return why(where, failed);
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(longest_answer);
    beast::http::async_read(stream_, buffer, parser,
                            [&](beast::error_code code, std::size_t) { failed = code; });
    if (finish(); failed)
      return why(where, failed);
    return admin_answer{parser.get().result_int(), std::move(parser.get().body())};
  }

private:
  std::vector<stream_protocol::endpoint> resolve(const admin_address& where, beast::error_code& failed) {
    if (!where.unix_path.empty())
      return {asio::local::stream_protocol::endpoint(where.unix_path)};
    std::vector<stream_protocol::endpoint> endpoints;
    for (const auto& found : tcp::resolver(context_).resolve(where.host, std::to_string(where.port), failed))
      endpoints.emplace_back(found.endpoint());
    return endpoints;
  }

  void finish() {
    context_.restart();
    context_.run();
  }

  static tl::unexpected<error> why(const admin_address& where, beast::error_code failed) {
    return fail(fault::unavailable, "no winnowd answers at " + to_string(where) + ": " + failed.message());
  }

  asio::io_context context_;
  beast::basic_stream<stream_protocol> stream_{context_};
};

} // namespace

result<admin_answer> ask_daemon(const admin_address& where, const std::string& token,
                                const std::string& method, const std::string& target) {
  beast::http::request<beast::http::empty_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(beast::http::field::host, where.unix_path.empty() ? to_string(where) : "localhost");
  request.set(beast::http::field::connection, "close");
  request.set(beast::http::field::user_agent, "winnowctl");
  if (!token.empty())
    request.set(beast::http::field::authorization, "Bearer " + token);
  return exchange().run(where, std::move(request));
}

} // namespace winnow
