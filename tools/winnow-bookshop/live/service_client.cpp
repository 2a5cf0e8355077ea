#include "tools/winnow-bookshop/live/service_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using request_type = beast::http::request<beast::http::string_body>;

constexpr std::uint64_t longest_answer = 16u << 20;

tl::unexpected<error> not_an_address(std::string_view text) {
  return fail(fault::invalid_argument, "expected http://host:port, got " + std::string(text));
}

} // namespace

result<service_address> parse_service_address(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (text.substr(0, scheme.size()) != scheme)
    return not_an_address(text);
  auto rest = text.substr(scheme.size());
  if (!rest.empty() && rest.back() == '/')
    rest.remove_suffix(1);
  if (rest.find_first_of("/?#@ ") != std::string_view::npos)
    return not_an_address(text);
  service_address address;
  const bool bracketed = !rest.empty() && rest.front() == '[';
  const auto host_end = bracketed ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (host_end == std::string_view::npos)
    return not_an_address(text);
  address.host = std::string(bracketed ? rest.substr(1, host_end - 1) : rest.substr(0, host_end));
  rest.remove_prefix(host_end + (bracketed ? 1 : 0));
  if (address.host.empty())
    return not_an_address(text);
  if (rest.empty())
    return address;
  const auto* const end = rest.data() + rest.size();
  const auto [read_to, failed] = std::from_chars(rest.data() + 1, end, address.port);
  if (rest.front() != ':' || failed != std::errc() || read_to != end || address.port == 0)
    return not_an_address(text);
  return address;
}

std::string to_string(const service_address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return "http://" + (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

/// Runs each step as an asynchronous call to its end, because timeouts of Beast work only with those.
class service_client::connection {
public:
  beast::error_code open(const service_address& where, std::chrono::milliseconds patience) {
    tcp::resolver resolver(context_);
    const auto found = resolver.resolve(where.host, std::to_string(where.port), failed_);
    if (failed_)
      return failed_;
    stream_.expires_after(patience);
    stream_.async_connect(found, [this](beast::error_code code, const tcp::endpoint&) { failed_ = code; });
    if (finish(); !failed_)
      stream_.socket().set_option(tcp::no_delay(true), failed_);
    return failed_;
  }

  beast::error_code exchange(request_type& request, std::chrono::milliseconds patience,
                             service_answer& answer) {
    stream_.expires_after(patience);
    beast::http::async_write(stream_, request,
                             [this](beast::error_code code, std::size_t) { failed_ = code; });
    if (finish(); failed_)
      return failed_;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(longest_answer);
    beast::http::async_read(stream_, buffer_, parser,
                            [this](beast::error_code code, std::size_t) { failed_ = code; });
    if (finish(); failed_)
      return failed_;
    answer.status = parser.get().result_int();
    answer.body = std::move(parser.get().body());
    reusable_ = parser.get().keep_alive();
    return {};
  }

  bool reusable() const noexcept { return reusable_; }

private:
  void finish() {
    context_.restart();
    context_.run();
  }

  asio::io_context context_;
  beast::tcp_stream stream_{context_};
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
  request.set(beast::http::field::host, address_.substr(std::string_view("http://").size()));
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
      connection_ = std::make_unique<connection>();
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
