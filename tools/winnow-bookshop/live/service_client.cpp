#include "tools/winnow-bookshop/live/service_client.hpp"

#include "config/settings/values/http_url.hpp"
#include "http/client/tls_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>
#include <optional>

namespace winnow {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using request_type = beast::http::request<beast::http::string_body>;

constexpr std::uint64_t longest_answer = 16u << 20;

std::string_view scheme_of(const service_address& address) {
  return address.tls ? "https://" : "http://";
}

} // namespace

result<service_address> parse_service_address(std::string_view text) {
  const auto url = parse_http_url(text);
  if (!url || url->path != "/")
    return fail(fault::invalid_argument,
                "expected http://host:port or https://host:port, got " + std::string(text));
  service_address address;
  address.tls = url->tls;
  address.host = url->host;
  address.port = url->port;
  return address;
}

std::string to_string(const service_address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return std::string(scheme_of(address)) + (ipv6 ? "[" + address.host + "]" : address.host) + ":" +
         std::to_string(address.port);
}

/// Runs each step as an asynchronous call to its end, because timeouts of Beast work only with those.
class service_client::connection {
public:
  /// For TLS; to be called before `open`.
  result<void> trust(const std::string& ca) {
    auto made = http::client_tls_context(ca);
    if (!made)
      return tl::unexpected<error>(made.error());
    tls_.emplace(std::move(*made));
    return {};
  }

  beast::error_code open(const service_address& where, std::chrono::milliseconds patience) {
    tcp::resolver resolver(context_);
    const auto found = resolver.resolve(where.host, std::to_string(where.port), failed_);
    if (failed_)
      return failed_;
    stream_.expires_after(patience);
    stream_.async_connect(found, [this](beast::error_code code, const tcp::endpoint&) { failed_ = code; });
    if (finish(); !failed_)
      stream_.socket().set_option(tcp::no_delay(true), failed_);
    return failed_ || !tls_ ? failed_ : encrypt(where.host);
  }

  beast::error_code exchange(request_type& request, std::chrono::milliseconds patience,
                             service_answer& answer) {
    stream_.expires_after(patience);
    return encrypted_ ? exchange_through(*encrypted_, request, answer)
                      : exchange_through(stream_, request, answer);
  }

  bool reusable() const noexcept { return reusable_; }

private:
  beast::error_code encrypt(const std::string& host) {
    encrypted_.emplace(stream_, *tls_);
    http::expect_certificate_of(host, *encrypted_);
    encrypted_->async_handshake(asio::ssl::stream_base::client,
                                [this](beast::error_code code) { failed_ = code; });
    finish();
    return failed_;
  }

  template<class Stream>
  beast::error_code exchange_through(Stream& stream, request_type& request, service_answer& answer) {
    beast::http::async_write(stream, request,
                             [this](beast::error_code code, std::size_t) { failed_ = code; });
    if (finish(); failed_)
      return failed_;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(longest_answer);
    beast::http::async_read(stream, buffer_, parser,
                            [this](beast::error_code code, std::size_t) { failed_ = code; });
    if (finish(); failed_)
      return failed_;
    answer.status = parser.get().result_int();
    answer.body = std::move(parser.get().body());
    reusable_ = parser.get().keep_alive();
    return {};
  }

  void finish() {
    context_.restart();
    context_.run();
  }

  asio::io_context context_;
  std::optional<asio::ssl::context> tls_;
  beast::tcp_stream stream_{context_};
  std::optional<asio::ssl::stream<beast::tcp_stream&>> encrypted_; ///< On top of `stream_`.
  beast::flat_buffer buffer_;
  beast::error_code failed_;
  bool reusable_ = false;
};

service_client::service_client(service_address address, std::chrono::milliseconds patience)
    : where_(std::move(address)), address_(to_string(where_)), patience_(patience) {}

service_client::~service_client() = default;

result<service_answer> service_client::ask(const std::string& method, const std::string& target,
                                           const std::string& body) {
  request_type request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(beast::http::field::host, address_.substr(scheme_of(where_).size()));
  request.set(beast::http::field::user_agent, "winnow-bookshop");
  if (!where_.token.empty())
    request.set(beast::http::field::authorization, "Bearer " + where_.token);
  if (!body.empty())
    request.set(beast::http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();

  for (;;) {
    const bool kept = connection_ != nullptr;
    beast::error_code failed;
    if (!kept) {
      auto fresh = std::make_unique<connection>();
      if (where_.tls)
        if (auto trusted = fresh->trust(where_.ca); !trusted)
          return tl::unexpected<error>(trusted.error());
      connection_ = std::move(fresh);
      failed = connection_->open(where_, patience_);
    }
    service_answer answer;
    if (!failed)
      failed = connection_->exchange(request, patience_, answer);
    if (failed || !connection_->reusable())
      connection_.reset();
    if (!failed)
      return answer;
    const bool late = failed == beast::error::timeout;
    if (!kept || late)
      return fail(late ? fault::timeout : fault::unavailable,
                  "no winnowd answers at " + address_ + ": " + failed.message());
  }
}

tl::unexpected<error> refused(const service_client& client, const std::string& what,
                              const service_answer& answer) {
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  std::string message;
  if (body.is_object() && body.contains("message") && body["message"].is_string())
    message = ": " + body["message"].get<std::string>();
  return fail(fault::unavailable,
              client.address() + ": " + what + " got status " + std::to_string(answer.status) + message);
}

} // namespace winnow
