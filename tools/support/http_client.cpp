#include "tools/support/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <stdexcept>

namespace winnow {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

/// Runs each step as an asynchronous call to its end, because timeouts of Beast work only with those.
class connection {
public:
  connection(std::uint16_t port, std::chrono::milliseconds limit) : stream_(context_) {
    stream_.expires_after(limit);
    stream_.async_connect(tcp::endpoint(asio::ip::address_v4::loopback(), port),
                          [this](beast::error_code failed) { failed_ = failed; });
    finish("connect");
  }

  http_answer exchange(http::request<http::string_body>& request) {
    http::async_write(stream_, request, [this](beast::error_code failed, std::size_t) { failed_ = failed; });
    finish("write");
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(256u << 20);
    parser.skip(request.method() == http::verb::head);
    http::async_read(stream_, buffer, parser,
                     [this](beast::error_code failed, std::size_t) { failed_ = failed; });
    finish("read");
    http_answer answer;
    answer.status = parser.get().result_int();
    answer.body = std::move(parser.get().body());
    for (const auto& field : parser.get())
      answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    return answer;
  }

private:
  void finish(const char* step) {
    context_.restart();
    context_.run();
    if (failed_)
      throw std::runtime_error(std::string("HTTP client: ") + step + ": " + failed_.message());
  }

  asio::io_context context_;
  beast::tcp_stream stream_;
  beast::error_code failed_;
};

} // namespace

std::string http_answer::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (beast::iequals(known, beast::string_view(name.data(), name.size())))
      return value;
  return {};
}

http_answer http_client::send(const std::string& method, const std::string& target, const std::string& body,
                              const http_headers& headers) const {
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "127.0.0.1:" + std::to_string(port_));
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers)
    request.set(name, value);
  request.body() = body;
  if (!body.empty()) {
    if (request.find(http::field::content_type) == request.end())
      request.set(http::field::content_type, "application/json");
    request.prepare_payload();
  }
  return connection(port_, limit_).exchange(request);
}

http_answer http_client::get(const std::string& target, const http_headers& headers) const {
  return send("GET", target, {}, headers);
}

http_answer http_client::post(const std::string& target, const std::string& body,
                              const http_headers& headers) const {
  return send("POST", target, body, headers);
}

http_answer http_client::put(const std::string& target, const std::string& body) const {
  return send("PUT", target, body);
}

http_answer http_client::erase(const std::string& target) const {
  return send("DELETE", target);
}

bool http_client::accepted() const {
  asio::io_context context;
  tcp::socket socket(context);
  beast::error_code failed;
  socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), failed);
  return !failed;
}

} // namespace winnow
