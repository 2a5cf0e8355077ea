#include "http/client/client_exchange.hpp"

#include "http/client/http_post.hpp"
#include "support/certificate.hpp"
#include "support/temp_dir.hpp"
#include "tests/http/running_server.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

using namespace winnow;
using namespace winnow::http;
using namespace winnow::http::test;
using namespace std::chrono_literals;
using winnow::test::certificate;

namespace {

namespace beast = boost::beast;

constexpr auto ample = 20s;

server_contact contact(std::uint16_t port) {
  server_contact server;
  server.name = "the shop";
  server.host = "127.0.0.1";
  server.port = port;
  server.limit = ample;
  server.longest_answer = 1000;
  return server;
}

client_request asking_for(const std::string& target) {
  client_request request(beast::http::verb::get, target, 11);
  request.set(beast::http::field::host, "h");
  request.set(beast::http::field::connection, "close");
  return request;
}

std::string body_of(const server_contact& server) {
  const auto answer = exchange_with(server, asking_for("/echo/a?q=hello"));
  return answer ? answer->body() : answer.error().message;
}

/// Accepts connections by its backlog alone, and never answers.
class silent_server {
public:
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
};

} // namespace

BOOST_AUTO_TEST_SUITE(client_exchange)

BOOST_AUTO_TEST_CASE(asks_over_tcp) {
  const running_server server;
  BOOST_TEST(body_of(contact(server.port())) == "hello");
}

BOOST_AUTO_TEST_CASE(asks_over_a_unix_socket) {
  const winnow::test::temp_dir directory;
  auto settings = local();
  settings.unix_socket = directory.path() + "/h.sock";
  const running_server server(settings);
  auto where = contact(0);
  where.unix_path = settings.unix_socket;
  BOOST_TEST(body_of(where) == "hello");
}

BOOST_AUTO_TEST_CASE(checks_the_certificate) {
  const certificate own, other;
  const running_server server(local(), test_routes(), 1,
                              {tls_identity::load({own.file(), {}, {}}).value(), nullptr});
  auto where = contact(server.port());
  where.tls = true;
  where.ca = own.file();
  BOOST_TEST(body_of(where) == "hello");
  where.ca = other.file();
  const auto refused = exchange_with(where, asking_for("/health"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().cause == fault::unavailable));
  BOOST_TEST(refused.error().message.find("the shop: certificate verify failed") == 0u,
             refused.error().message);
  where.ca = own.file() + ".none";
  BOOST_TEST((exchange_with(where, asking_for("/health")).error().cause == fault::invalid_argument));
}

BOOST_AUTO_TEST_CASE(names_a_server_that_does_not_answer) {
  const winnow::test::temp_dir directory;
  auto where = contact(0);
  where.unix_path = directory.path() + "/none";
  const auto refused = exchange_with(where, asking_for("/health"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().cause == fault::unavailable));
  BOOST_TEST(refused.error().message == "the shop: No such file or directory");
}

BOOST_AUTO_TEST_CASE(waits_no_longer_than_the_limit) {
  const silent_server server;
  auto where = contact(server.port());
  where.limit = 10ms;
  const auto late = exchange_with(where, asking_for("/health"));
  BOOST_REQUIRE(!late);
  BOOST_TEST((late.error().cause == fault::timeout));
  BOOST_TEST(late.error().message == "the shop: connected, but no whole answer within 10ms");
}

BOOST_AUTO_TEST_CASE(gives_up_when_the_caller_does) {
  const silent_server server;
  std::atomic<int> asked{0};
  auto where = contact(server.port());
  where.give_up = [&asked] { return ++asked > 1; };
  const auto ended = exchange_with(where, asking_for("/health"));
  BOOST_REQUIRE(!ended);
  BOOST_TEST((ended.error().cause == fault::unavailable));
  BOOST_TEST(asked > 1);
}

BOOST_AUTO_TEST_CASE(refuses_an_answer_that_is_too_long) {
  const running_server server;
  auto where = contact(server.port());
  where.longest_answer = 4;
  BOOST_TEST(body_of(where) == "the shop: body limit exceeded");
}

BOOST_AUTO_TEST_CASE(posts_a_body_and_names_the_host_on_failure) {
  const running_server server;
  outgoing_post what;
  what.to = {false, "127.0.0.1", server.port(), "/json"};
  what.body = R"({"a":1})";
  what.limit = ample;
  const auto reply = post(what);
  BOOST_REQUIRE_MESSAGE(reply, reply.error().message);
  BOOST_TEST(reply->status == 200u);
  BOOST_TEST(reply->body == what.body);
  const silent_server silent;
  what.to.port = silent.port();
  what.limit = 10ms;
  BOOST_TEST(post(what).error().message.find("127.0.0.1:" + std::to_string(silent.port()) + ": ") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
